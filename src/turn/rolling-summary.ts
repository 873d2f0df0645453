import { reasonOf } from '../../config/errors.js';
import type { SteeringTable } from '../../config/steering.js';
import type { Clock } from '../clock.js';
import type { SessionId } from '../ids.js';
import { type Summariser, type SummedLine, summaryUnits } from '../memory/summariser.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import type { Store } from '../state/store.js';
import type { Logger } from '../telemetry/logger.js';
import { within } from '../within.js';
import { calmTurns, ownWords } from './own-words.js';

interface RollingSummariesOptions {
  readonly store: Pick<Store, 'sessions' | 'transcript'>;
  /** Who sums up what was said with a character: the first, and where that fails the next. */
  readonly summarisersFor: (characterId: string) => readonly Summariser[];
  readonly steering: SteeringTable;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Lines of a transcript that a prompt holds. */
  readonly historyTurns: number;
  /** What one summary may take, ms. */
  readonly timeLimitMs: number;
}

/** So many lines leave the window before they are summed up, and so many at once at most. */
const batch = 12;
const mostLines = 120;
/** The transcript is looked at every so many turns. */
const everyTurns = 3;
/** Conversations summed up side by side; the others are with a later turn. */
const together = 4;
const stopMs = 1_000;

/**
 * Sums up, beside the turns, what leaves the window of a private conversation. The summary lies with the session, and goes with it. What the
 * platform answered (danger) and what was asked to be remembered is not in it.
 */
export class RollingSummaries {
  readonly #options: RollingSummariesOptions;
  readonly #running = new Map<SessionId, Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(options: RollingSummariesOptions) {
    this.#options = options;
  }

  /** Call it once a turn is committed; it returns at once. */
  note(session: SessionState): void {
    const { historyTurns } = this.#options;
    if (session.shared || session.ephemeral || this.#stopped.signal.aborted) return;
    // A turn has six lines at most as a rule: with fewer turns nothing has left the window.
    if (session.turnCount % everyTurns !== 0 || session.turnCount * 6 < historyTurns) return;
    if (this.#running.size >= together || this.#running.has(session.id)) return;
    const done = this.#refresh(session)
      .catch((error: unknown) =>
        this.#options.logger.warn(
          { session: session.id, reason: reasonOf(error) },
          'what left the window of a conversation could not be summed up',
        ),
      )
      .finally(() => this.#running.delete(session.id));
    this.#running.set(session.id, done);
  }

  /** Resolves once nothing of a conversation is being summed up. */
  async settled(session: SessionId): Promise<void> {
    await this.#running.get(session);
  }

  /** Ends what is being made; the next turn begins it again. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error('shutdown'));
    await within(this.#options.clock, stopMs, Promise.all(this.#running.values()));
  }

  async #refresh({ id, characterId, createdAt }: SessionState): Promise<void> {
    const { store, historyTurns } = this.#options;
    const [session, { entries }] = await Promise.all([
      store.sessions.get(id),
      store.transcript.page(id, { limit: historyTurns + mostLines }),
    ]);
    if (session?.createdAt !== createdAt) return;
    const known = session.summary ?? null;
    const left = entries.slice(0, -historyTurns).filter(({ at }) => at > (known?.until ?? -1));
    const first = left[0];
    const last = left.at(-1);
    if (left.length < batch || !first || !last) return;
    const lines = this.#lines(left, entries, session);
    const made =
      lines.length === 0
        ? { text: known?.text ?? '', by: known?.by ?? 'rules' }
        : await this.#sum(characterId, known?.text || null, lines);
    // Deleted or begun anew meanwhile: nothing of it comes back.
    const now = await store.sessions.get(id);
    if (!made || now?.createdAt !== createdAt) return;
    // A fact was forgotten meanwhile, and this may tell it: it is made again with a later turn.
    if (now.summary?.text !== session.summary?.text || now.forgotten?.length !== session.forgotten?.length)
      return;
    await store.sessions.update(id, {
      summary: { ...made, from: known?.from ?? first.at, until: last.at },
    });
  }

  async #sum(
    characterId: string,
    before: string | null,
    lines: readonly SummedLine[],
  ): Promise<{ readonly text: string; readonly by: string } | null> {
    const { summarisersFor, timeLimitMs, logger } = this.#options;
    for (const summariser of summarisersFor(characterId)) {
      const signal = AbortSignal.any([AbortSignal.timeout(timeLimitMs), this.#stopped.signal]);
      try {
        const text = (await summariser.sum(before, lines, signal)).slice(0, summaryUnits).toWellFormed();
        return { text, by: summariser.kind };
      } catch (error) {
        if (this.#stopped.signal.aborted) return null;
        logger.warn({ by: summariser.kind, reason: reasonOf(error) }, 'a summary could not be made so');
      }
    }
    return null;
  }

  /** What the owner and the character said in turns that the character answered and whose trace says that nobody was in danger. */
  #lines(
    left: readonly TranscriptEntry[],
    all: readonly TranscriptEntry[],
    { ownerId: owner, forgotten = [] }: SessionState,
  ): SummedLine[] {
    const answered = calmTurns(all);
    return left.flatMap(({ id, role, text, action, turnId, personId, undelivered }): SummedLine[] => {
      if (role === 'notice' || undelivered || action === 'thinking' || !answered.has(turnId)) return [];
      if (role === 'supporter') return [{ by: 'character', text }];
      if ((personId ?? owner) !== owner || forgotten.includes(id)) return [];
      const said = ownWords(text, this.#options.steering);
      return said === '' ? [] : [{ by: 'person', text: said }];
    });
  }
}
