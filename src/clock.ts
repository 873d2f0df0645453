import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time as a dependency, so that tests are exact. All values in milliseconds. */
export interface Clock {
  /** Wall clock, ms since the epoch. */
  now(): number;
  /** Monotonic clock for durations. */
  elapsed(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal ? { signal } : {});
  },
};

/** Randomness and ids as a dependency. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A fresh unique id. */
  id(): string;
}

export const systemRandom: Random = { next: Math.random, id: randomUUID };
