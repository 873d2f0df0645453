import { displayName } from '../../characters/schema.js';
import type { RapportError } from '../../config/errors.js';
import { mustDisclose } from '../care/reminder.js';
import { readBack } from '../delivery/resume.js';
import { turnId } from '../ids.js';
import { withChange } from '../session/take-offer.js';
import type { TurnOutcome } from './answer-turn.js';
import { readControls } from './control-messages.js';
import { sessionWithout } from './session-without.js';
import type { Batch } from './turn-batch.js';
import { seekerEntries, spokenEntries } from './turn-entries.js';
import type { TurnWork } from './turn-runner.js';
import { withoutPreface } from './without-preface.js';

/**
 * What a turn comes to whose messages the platform refuses for good. The person's lines are answered (nothing waits any
 * more), what was to be said stands in the transcript as undelivered, and what it would have used up — a goal, the
 * disclosure — is kept for the next reply. Where some of the messages do stand, the reply counts as interrupted.
 */
export async function undeliveredOutcome(
  { services, lease, notes }: TurnWork,
  batch: Batch,
  error: RapportError,
): Promise<TurnOutcome> {
  const { store, clock, bank, care, say, config } = services;
  // Read again: the turn may have written its session down.
  const [stored, outbox] = await Promise.all([
    store.sessions.get(lease.sessionId),
    store.outbox.pending(lease.sessionId),
  ]);
  const at = clock.now();
  const session = sessionWithout({ session: stored, messages: batch }, at, say);
  const turn = turnId(lease.sessionId, session.turnCount + 1);
  const rows = outbox.filter((row) => row.turnId === turn).sort((a, b) => a.segment - b.segment);
  const controls = await readControls(batch, stored, services, null);
  const character = bank.get(session.characterId);
  const name = character ? displayName(character) : '';
  const preface = mustDisclose(session, config.care.disclosureEveryHours, at) ? [care.disclosure(name)] : [];
  const unread = rows.every(({ receipt }) => receipt === null);
  const isReply = rows.every(({ kind }) => kind === 'reply');
  const said = isReply
    ? withoutPreface(readBack(rows, notes).text, [...controls.notices, ...preface])
    : { before: [rows.map(({ text }) => text).join('\n\n')], text: '' };
  const spoken = spokenEntries({
    turnId: turn,
    speakerName: isReply ? name : '',
    at,
    before: said.before.filter((text) => text.trim() !== ''),
    ...(said.text.trim() !== '' && { reply: { text: said.text, status: 'interrupted' as const } }),
  });
  return {
    kind: 'undelivered',
    session: {
      ...withChange(session, controls.change),
      steering: controls.steering,
      turnCount: session.turnCount + 1,
      updatedAt: at,
    },
    entries: [
      ...seekerEntries(batch, turn),
      ...(unread ? spoken.map((entry) => ({ ...entry, undelivered: true as const })) : spoken),
    ],
    removed: [],
    error,
  };
}
