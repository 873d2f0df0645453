import { displayName } from '../../characters/schema.js';
import type { RapportError } from '../../config/errors.js';
import { afterAlarm, afterReply } from '../care/aftermath.js';
import { dutiesTowards } from '../care/duties.js';
import { mustDisclose, wasTold } from '../care/reminder.js';
import { avatarOf } from '../delivery/face-url.js';
import { readBack, resumeDelivery } from '../delivery/resume.js';
import { nextGoal } from '../guidance/steer.js';
import type { SessionState } from '../state/session.js';
import { beginTurn } from './begin-turn.js';
import { endTurn, sessionWithout } from './outcome.js';
import { Draft } from './stages/stage.js';
import { runPhase } from './stages/stages.js';
import { Tracer } from './trace.js';
import type { Batch, TurnOutcome, TurnWork } from './turn.js';

/** A turn whose text was whole when its process died is sent from the outbox; no model is asked again. Null where it was not. */
export async function resumedOutcome(
  work: TurnWork,
  session: SessionState | null,
  batch: Batch,
): Promise<TurnOutcome | null> {
  const { services, resume, notes } = work;
  const { clock, bank } = services;
  // The session is written down before its first reply; without one this reply cannot be told from another's.
  if (resume.length === 0 || !session?.characterId) return null;
  const character = bank.get(session.characterId);
  const name = character ? displayName(character) : '';
  const resumed = await resumeDelivery({
    ...work,
    ...services,
    segments: resume,
    notes: { interrupted: notes.interrupted, stopped: notes.stopped },
    speaker: { name, ...(character && { avatar: avatarOf(character, services.config.delivery.avatarUrl) }) },
  });
  if (resumed.outcome !== 'delivered') return null;
  const draft = await heard(batch, session, work);
  const { steering, ...controls } = draft.of('controls');
  const now = clock.now();
  const isReply = resume.every(({ kind }) => kind === 'reply');
  const { tell, preface } = disclosureOf(session, name, draft, work, now);
  const { answer, low, gentle, offer } = draft.of('care');
  const helpline = offer === null ? '' : `\n\n${services.say('care.offered', { offer })}`;
  const offered = helpline !== '' && resumed.text.endsWith(helpline);
  const spoken = offered ? resumed.text.slice(0, -helpline.length) : resumed.text;
  const after = answer
    ? afterAlarm(session.care, answer, now)
    : draft.start.asked || !isReply
      ? session.care
      : afterReply(session.care, low, now);
  const said = isReply
    ? withoutPreface(spoken, [...controls.notices, ...truthOf(draft), ...preface])
    : {
        before: [
          resume
            .map(({ text }) => text)
            .join('\n\n')
            .trim(),
        ],
      };
  return endTurn(
    draft.start,
    {
      kind: 'resumed',
      session: controls.session ?? session,
      change: {
        steering: isReply && !gentle ? nextGoal(steering).state : steering,
        ...(after && { care: offered ? { ...after, shownAt: now } : after }),
        disclosed: session.disclosed || isReply,
        ...(isReply && tell && { disclosedAt: now }),
      },
      said: {
        speakerName: isReply ? name : '',
        before: said.before,
        ...('text' in said && { reply: { text: said.text, status: resumed.status } }),
        ...(offered && { after: [helpline.trim()] }),
      },
      removed: draft.start.replaced.map(({ id }) => id),
    },
    now,
  );
}

/**
 * What a turn comes to whose messages the platform refuses for good. The person's lines are answered (nothing waits any
 * more), what was to be said stands in the transcript as undelivered, and what it would have used up — a goal, the
 * disclosure — is kept for the next reply. Where some of the messages do stand, the reply counts as interrupted.
 */
export async function undeliveredOutcome(
  work: TurnWork,
  batch: Batch,
  error: RapportError,
): Promise<TurnOutcome> {
  const { services, lease, notes } = work;
  const { store, clock, bank, say } = services;
  // Read again: the turn may have written its session down.
  const [stored, outbox] = await Promise.all([
    store.sessions.get(lease.sessionId),
    store.outbox.pending(lease.sessionId),
  ]);
  const draft = await heard(batch, stored, work);
  const { start, input } = draft;
  const { notices, steering } = draft.of('controls');
  const at = clock.now();
  const rows = outbox.filter(({ turnId }) => turnId === start.turnId).sort((a, b) => a.segment - b.segment);
  const before = sessionWithout(start, at, say);
  const character = bank.get(before.characterId);
  const name = character ? displayName(character) : '';
  const isReply = rows.every(({ kind }) => kind === 'reply');
  const said = isReply
    ? withoutPreface(readBack(rows, notes).text, [
        ...notices,
        ...truthOf(draft),
        ...disclosureOf(before, name, draft, work, at).preface,
      ])
    : { before: [rows.map(({ text }) => text).join('\n\n')], text: '' };
  return endTurn(
    start,
    {
      kind: 'undelivered',
      session: sessionWithout(input, at, say),
      change: { steering },
      said: {
        speakerName: isReply ? name : '',
        before: said.before.filter((text) => text.trim() !== ''),
        ...(said.text.trim() !== '' && { reply: { text: said.text, status: 'interrupted' as const } }),
      },
      unread: rows.every(({ receipt }) => receipt === null),
      error,
    },
    at,
  );
}

/** The turn as far as its control codes; nothing is stored that they ask to be stored: that was done before. */
async function heard(batch: Batch, session: SessionState | null, { services }: TurnWork): Promise<Draft> {
  const draft = new Draft(await beginTurn(batch, session, null, services));
  const tracer = new Tracer(services.clock, services.metrics);
  await runPhase('care', draft, services, tracer);
  await runPhase('hear', draft, services, tracer);
  return draft;
}

/** What was said before the reply to somebody who asked whether this is an AI. */
function truthOf(draft: Draft): readonly string[] {
  const { truth } = draft.of('care');
  return truth === null ? [] : [truth];
}

function disclosureOf(
  session: SessionState,
  name: string,
  { start: { minor } }: Draft,
  { services: { care, config } }: TurnWork,
  now: number,
): { readonly tell: boolean; readonly preface: readonly string[] } {
  const { remindHours, suggestsBreak } = dutiesTowards(config.care, minor);
  const tell = mustDisclose(session, remindHours, now);
  return { tell, preface: tell ? [care.disclosure(name, suggestsBreak && wasTold(session))] : [] };
}

/** A reply from the outbox, with what the platform said before it taken apart again. */
function withoutPreface(
  text: string,
  notices: readonly string[],
): { readonly before: readonly string[]; readonly text: string } {
  const preface = `${notices.join('\n\n')}\n\n`;
  return notices.length > 0 && text.startsWith(preface)
    ? { before: notices, text: text.slice(preface.length) }
    : { before: [], text };
}
