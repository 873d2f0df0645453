import type { SessionInfo } from '@discordjs/ws';
import { z } from 'zod';
import { reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';

/**
 * How far a stream of numbered events has been dealt with: every event up to {@link done} is, although events end in any
 * order. A gateway session that is resumed from there loses nothing.
 */
export class Watermark {
  #highest: number;
  readonly #open = new Set<number>();

  /** @param from the last event of an earlier run. */
  constructor(from = 0) {
    this.#highest = from;
  }

  /** The last event before the first that is not done. */
  get done(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const sequence of this.#open) lowest = Math.min(lowest, sequence);
    return lowest === Number.POSITIVE_INFINITY ? this.#highest : Math.min(lowest - 1, this.#highest);
  }

  /** Notes that an event has come. @returns what to call once it has been dealt with; never calling it holds the mark. */
  begin(sequence: number): () => void {
    this.#highest = Math.max(this.#highest, sequence);
    this.#open.add(sequence);
    return () => {
      this.#open.delete(sequence);
    };
  }
}

const storedSchema = z.object({
  sessionId: z.string().min(1),
  resumeURL: z.string().min(1),
  sequence: z.int().min(0),
  shardCount: z.int().min(1),
  shardId: z.int().min(0),
  intents: z.int().min(0),
});

/** The state of a shard outlives the gateway's own memory of it by far; it is only not kept for ever. */
const keptMs = 24 * 3_600_000;

export interface StoredSessionOptions {
  readonly store: Pick<Store, 'values'>;
  readonly applicationId: string;
  readonly shard: number;
  /** What is asked for now: a session that was begun with other intents is not resumed. */
  readonly intents: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Pause between two writes of the growing sequence number, ms. */
  readonly writeEveryMs: number;
}

/**
 * The gateway session of one shard. In memory it follows what was received, as the protocol's heartbeats want; in the store
 * it follows what was dealt with (recorded), so that a process that dies is sent again what it had not recorded.
 */
export class StoredSession {
  readonly #options: StoredSessionOptions;
  readonly #key: string;
  #info: SessionInfo | null = null;
  #watermark = new Watermark();
  #written = -1;
  #writing: Promise<void> = Promise.resolve();
  #waiting: AbortController | null = null;

  constructor(options: StoredSessionOptions) {
    this.#options = options;
    this.#key = `discord:session:${options.applicationId}:${options.shard}`;
  }

  /** What would be resumed now; null where the next connection identifies afresh. */
  get info(): SessionInfo | null {
    return this.#info;
  }

  /** Takes up what an earlier process left. */
  async load(): Promise<void> {
    const text = await this.#options.store.values.get(this.#key);
    const parsed = text === null ? null : storedSchema.safeParse(parseJson(text));
    if (parsed && !parsed.success)
      this.#options.logger.warn(
        { key: this.#key },
        'the stored gateway session cannot be read; beginning afresh',
      );
    if (parsed?.success && parsed.data.intents === this.#options.intents) {
      const { intents, ...info } = parsed.data;
      this.#info = info;
    } else this.#info = null;
    this.#watermark = new Watermark(this.#info?.sequence ?? 0);
    this.#written = this.#info?.sequence ?? -1;
  }

  /** A new session began, or its sequence number grew. */
  update(info: SessionInfo): void {
    const isNew = info.sessionId !== this.#info?.sessionId;
    this.#info = info;
    if (!isNew) return;
    this.#watermark = new Watermark(info.sequence);
    this.#written = -1;
    this.#write();
  }

  /** Nothing is resumed any more. */
  forget(): void {
    this.#info = null;
    this.#watermark = new Watermark();
    this.#written = -1;
    this.#write();
  }

  /** Notes a dispatch that has come. @returns what to call once it is recorded. */
  begin(sequence: number): () => void {
    const watermark = this.#watermark;
    const done = watermark.begin(sequence);
    return () => {
      done();
      if (watermark === this.#watermark) this.#writeSoon();
    };
  }

  /** Writes what has not been written yet. */
  async flush(): Promise<void> {
    this.#waiting?.abort();
    this.#write();
    await this.#writing;
  }

  #writeSoon(): void {
    if (this.#waiting || this.#watermark.done === this.#written) return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    const done = (): void => {
      this.#waiting = null;
      if (!waiting.signal.aborted) this.#write();
    };
    this.#options.clock.sleep(this.#options.writeEveryMs, waiting.signal).then(done, done);
  }

  #write(): void {
    this.#writing = this.#writing.then(async () => {
      const { store, logger, intents } = this.#options;
      const info = this.#info;
      const sequence = this.#watermark.done;
      try {
        if (!info) await store.values.remove(this.#key);
        else if (sequence !== this.#written) {
          await store.values.set(this.#key, JSON.stringify({ ...info, sequence, intents }), keptMs);
          if (info.sessionId === this.#info?.sessionId) this.#written = sequence;
        }
      } catch (error) {
        // The next dispatch tries again; until then a crash is sent a little more than it has missed.
        logger.debug({ key: this.#key, reason: reasonOf(error) }, 'the gateway session was not written');
      }
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
