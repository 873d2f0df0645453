import type { InboundMessage, TranscriptEntry } from '../state/session.js';
import type { OutboxSegment } from '../state/store.js';

export type Batch = readonly [InboundMessage, ...InboundMessage[]];

/**
 * The messages the next turn answers: those that came together, in order, up to `most`; a regenerate stands alone. Where a
 * crashed turn has its final text in the outbox, exactly the messages that text answers.
 */
export function nextBatch(
  waiting: readonly InboundMessage[],
  unsettled: readonly OutboxSegment[],
  most: number,
): Batch | null {
  const written = unsettled.length > 0 && unsettled.every(({ final }) => final);
  const covered = new Set(written ? unsettled.flatMap(({ covers }) => covers) : []);
  const answered = waiting.filter(({ id }) => covered.has(id));
  const [first, ...rest] = answered.length > 0 ? answered : waiting;
  if (!first) return null;
  if (first.kind === 'regenerate') return [first];
  const end = rest.findIndex(({ kind }) => kind === 'regenerate');
  return [first, ...rest.slice(0, Math.min(most - 1, end < 0 ? rest.length : end))];
}

export interface Regenerable {
  /** What was asked. */
  readonly asked: readonly TranscriptEntry[];
  /** The reply to replace, with the notices behind it (an apology); what stands before it stays: the disclosure. */
  readonly replaced: readonly TranscriptEntry[];
  /** What came before the question. */
  readonly before: readonly TranscriptEntry[];
}

/**
 * The last turn of a transcript that answered a person, for answering it anew; null when there is none. Turns that held
 * control codes only are passed over and left as they are.
 */
export function lastTurnOf(
  transcript: readonly TranscriptEntry[],
  isControl: (text: string) => boolean,
): Regenerable | null {
  const asked = transcript.findLast(({ role, text }) => role === 'seeker' && !isControl(text));
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
