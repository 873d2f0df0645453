import { createHash } from 'node:crypto';
import { type MessageId, messageId, type SessionId } from '../../src/ids.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../../src/state/session.js';
import type { WebServices } from '../web/web-services.js';
import type { ApiCall } from './call.js';

/** How long a call without a key is known again, ms: as long as clients of OpenAI's wait and try again. */
const knownMs = 600_000;
/** With a key: as long as messages are deduplicated. */
const keyedMs = 24 * 3_600_000;
/** Lines of a transcript in which the question is looked for. */
export const lookedAt = 60;

/** A call as its client sent it. */
export interface SentCall {
  /** Its `Idempotency-Key`. */
  readonly key: string | null;
  /** The client says that it has sent it before. */
  readonly retry: boolean;
}

/** What a call comes to in its conversation. */
export interface Claim {
  /** `regenerate`: the line is there already and was not answered to the end. */
  readonly kind: InboundMessage['kind'];
  readonly id: MessageId;
  /** The line of the transcript that is answered. */
  readonly asked: string;
}

/**
 * Identical calls of one user are one: who asks again while the first is being answered waits for the same answer; after a call
 * that was left or broke off the line is answered anew and stands there once; a retry of one that was answered gets that answer.
 * A call that failed leaves nothing, and whoever asks the same later, without retrying, asks anew.
 */
export class RepeatedCalls {
  readonly #store: WebServices['store'];

  constructor({ store }: Pick<WebServices, 'store'>) {
    this.#store = store;
  }

  /** @param isNew the conversation begins with this call. */
  async claim(session: SessionId, call: ApiCall, sent: SentCall, isNew: boolean): Promise<Claim> {
    const { values, sessions } = this.#store;
    const mark = markOf(session, call, sent);
    const known = isNew ? null : await values.get(mark);
    const repeated = known === null ? null : await this.#repeated(session, known, sent);
    if (repeated) return repeated;
    const at = await sessions.get(session);
    // The same for calls that come together, in whichever process.
    const id = messageId(`${mark}:${at?.createdAt}:${at?.turnCount}`);
    await values.set(mark, id, sent.key === null ? knownMs : keyedMs);
    return { kind: 'message', id, asked: id };
  }

  /** The line once more, where it was not answered to the end and nothing came after it; null otherwise. */
  async unanswered(session: SessionId, asked: string): Promise<Claim | null> {
    const [entries, state, waiting] = await Promise.all([
      this.#entries(session),
      this.#store.sessions.get(session),
      this.#store.inbox.count(session),
    ]);
    const answer = answerTo(asked, entries);
    if (!answer?.isLast || isWhole(answer.said) || waiting > 0) return null;
    return { kind: 'regenerate', id: messageId(`${asked}/${turnsOf(state)}`), asked };
  }

  /** A call that failed is not known again. */
  async forget(session: SessionId, call: ApiCall, sent: SentCall): Promise<void> {
    await this.#store.values.remove(markOf(session, call, sent));
  }

  async #repeated(session: SessionId, known: string, { key, retry }: SentCall): Promise<Claim | null> {
    const answer = answerTo(known, await this.#entries(session));
    const same: Claim = { kind: 'message', id: messageId(known), asked: known };
    if (!answer) return same;
    if (!isWhole(answer.said)) return this.unanswered(session, known);
    return key !== null || (retry && answer.isLast) ? same : null;
  }

  async #entries(session: SessionId): Promise<readonly TranscriptEntry[]> {
    return (await this.#store.transcript.page(session, { limit: lookedAt })).entries;
  }
}

/** What was said to a line, and whether nobody has written since; null where the line is not among the entries. */
export function answerTo(
  asked: string,
  entries: readonly TranscriptEntry[],
): { readonly said: readonly TranscriptEntry[]; readonly isLast: boolean } | null {
  const at = entries.findIndex(({ id }) => id === asked);
  if (at < 0) return null;
  const later = entries.slice(at + 1);
  const next = later.findIndex(({ role, turnId }) => role === 'seeker' && turnId !== entries[at]?.turnId);
  const own = next < 0 ? later : later.slice(0, next);
  return { said: own.filter(({ role }) => role !== 'seeker'), isLast: next < 0 };
}

/** Something was said, and said to its end. */
export function isWhole(said: readonly TranscriptEntry[]): boolean {
  return said.length > 0 && said.every(({ status }) => status === 'complete');
}

function turnsOf(session: SessionState | null): number {
  return session?.turnCount ?? 0;
}

function markOf(session: SessionId, { text, history, wishes }: ApiCall, { key }: SentCall): string {
  const what = key === null ? { text, history, wishes } : { key };
  const hash = createHash('sha256').update(`${session}\n${JSON.stringify(what)}`);
  return `openai-api:call:${hash.digest('hex').slice(0, 32)}`;
}
