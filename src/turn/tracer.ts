import type { Clock } from '../clock.js';
import type { Json, StageTrace } from '../state/trace.js';
import type { Metrics } from '../telemetry/metrics.js';

type Decision = { readonly [key: string]: Json | undefined };

/** Times the stages of one turn and keeps what each decided. */
export class Tracer {
  readonly #stages: StageTrace[] = [];
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #startedAt: number;

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#startedAt = clock.elapsed();
  }

  get stages(): readonly StageTrace[] {
    return this.#stages;
  }

  /** Milliseconds since the turn began. */
  get elapsedMs(): number {
    return round(this.#clock.elapsed() - this.#startedAt);
  }

  /** Runs a stage; it returns its result and what to say about it in the trace. */
  async run<T>(
    stage: string,
    work: () => Promise<readonly [T, Decision]> | readonly [T, Decision],
  ): Promise<T> {
    const startedAt = this.#clock.elapsed();
    const [result, decision] = await work();
    const ms = this.#clock.elapsed() - startedAt;
    this.#metrics.stage.observe({ stage }, ms / 1_000);
    this.#stages.push({ stage, ms: round(ms), decision });
    return result;
  }
}

/** To a hundredth of a millisecond. */
export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
