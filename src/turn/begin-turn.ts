import { isMinor } from '../care/age.js';
import { type SessionId, turnId } from '../ids.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import type { Lease, OutboxSegment } from '../state/store.js';
import { withoutControls } from './stages/controls.js';
import type { Batch, TurnStart } from './turn.js';
import type { TurnServices } from './turn-services.js';

/** What a turn starts from, read from the store. @param lease null where the turn is only put on record. */
export async function beginTurn(
  messages: Batch,
  session: SessionState | null,
  lease: Lease | null,
  services: Pick<TurnServices, 'store' | 'config' | 'care' | 'steering' | 'clock'>,
): Promise<TurnStart> {
  const { store, clock } = services;
  const [first] = messages;
  const writers = [...new Set(messages.map(({ personId }) => personId))];
  const [lines, profiles, userMemories] = await Promise.all([
    session ? history(first.sessionId, services) : [],
    Promise.all(writers.map((person) => store.people.profile(person))),
    first.shared ? [] : store.people.memories(first.personId),
  ]);
  const again = first.kind === 'regenerate' ? await lastTurn(lines, first.sessionId, services) : null;
  return {
    turnId: turnId(first.sessionId, (session?.turnCount ?? 0) + 1),
    messages,
    session,
    lease,
    profile: first.shared ? null : (profiles[0] ?? null),
    userMemories,
    minor: profiles.some((known) => isMinor(known, clock.now())),
    transcript: again?.before ?? lines,
    asked: first.kind === 'regenerate' && again ? again.asked : null,
    replaced: again?.replaced ?? [],
  };
}

/**
 * The last lines of a conversation, `turn.historyTurns` and up to a quarter more: the oldest go a block at a time, so that the
 * beginning of the prompt stays the same for some turns, and a model server need not read all of it anew each time (its prefix
 * cache).
 */
async function history(
  session: SessionId,
  { store, config }: Pick<TurnServices, 'store' | 'config'>,
): Promise<readonly TranscriptEntry[]> {
  const { historyTurns } = config.turn;
  const block = Math.max(1, Math.floor(historyTurns / 4));
  const { entries, before } = await store.transcript.page(session, { limit: historyTurns + block - 1 });
  // Lines are numbered from 1 on; what is shown begins at the beginning of a block.
  return before === null ? entries : entries.slice((block - ((before - 1) % block)) % block);
}

/**
 * The messages the next turn answers: those that came together, in order, up to `max`; a regenerate stands alone. Where a
 * crashed turn has its final text in the outbox, exactly the messages that text answers.
 */
export function nextBatch(
  waiting: Batch[number][],
  unsettled: readonly OutboxSegment[],
  max: number,
): Batch | null {
  const written = unsettled.length > 0 && unsettled.every(({ final }) => final);
  const covered = new Set(written ? unsettled.flatMap(({ covers }) => covers) : []);
  const answered = waiting.filter(({ id }) => covered.has(id));
  const [first, ...rest] = answered.length > 0 ? answered : waiting;
  if (!first) return null;
  if (first.kind === 'regenerate') return [first];
  const end = rest.findIndex(({ kind }) => kind === 'regenerate');
  return [first, ...rest.slice(0, Math.min(max - 1, end < 0 ? rest.length : end))];
}

interface Regenerable {
  /** What was asked. */
  readonly asked: readonly TranscriptEntry[];
  /** The reply to replace, with the notices behind it (an apology); what stands before it stays: the disclosure. */
  readonly replaced: readonly TranscriptEntry[];
  /** What came before the question. */
  readonly before: readonly TranscriptEntry[];
}

/**
 * The last turn of a transcript that answered a person, for answering it anew; null when there is none. Turns that held
 * control codes only are passed over and left as they are; a statement of danger is one, whatever code stands before it.
 */
async function lastTurn(
  transcript: readonly TranscriptEntry[],
  session: TurnStart['messages'][0]['sessionId'],
  { care, steering }: Pick<TurnServices, 'care' | 'steering'>,
): Promise<Regenerable | null> {
  const codes = new Set<TranscriptEntry>();
  for (const entry of transcript)
    if (entry.role === 'seeker' && withoutControls(entry.text, steering).trim() === '')
      if ((await care.answer([entry.text], session)) === null) codes.add(entry);
  const asked = transcript.findLast((entry) => entry.role === 'seeker' && !codes.has(entry));
  if (!asked) return null;
  const start = transcript.findIndex(({ role, turnId }) => role === 'seeker' && turnId === asked.turnId);
  const later = transcript
    .slice(start)
    .filter(({ role, turnId }) => role === 'seeker' && turnId !== asked.turnId);
  const controls = new Set(later.map(({ turnId }) => turnId));
  // With `#0` a character was introduced who has taken over since.
  const tail = transcript
    .slice(start)
    .filter(({ turnId }) => !controls.has(turnId) && !turnId.endsWith('#0'));
  const said = tail.filter(({ role }) => role !== 'seeker');
  const reply = said.findIndex(({ role }) => role === 'supporter');
  // Without a reply the apology is the last line of the turn that was asked in.
  const apology = said.findLastIndex(({ turnId }) => turnId === asked.turnId);
  return {
    asked: tail.filter(({ role }) => role === 'seeker'),
    replaced: said.slice(Math.max(0, reply < 0 ? apology : reply)),
    before: transcript.slice(0, start),
  };
}
