import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel';
import type { Clock } from '../../src/clock.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { EndpointFailure } from './endpoint-failure.js';

export interface BreakerSettings {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it stays open the first time, ms; doubled each time the trial fails. */
  readonly halfOpenAfterMs: number;
}

/**
 * - `ready`: gets requests
 * - `limited`: asked to be left alone for a while (429)
 * - `down`: failed several times in a row, not asked until the circuit's time is over
 * - `trial`: that time is over; a light request decides
 */
export type EndpointState = 'ready' | 'limited' | 'down' | 'trial';

const maxOpenMs = 120_000;
const defaultLimitedMs = 1_000;
/** Weight of the newest value in the moving average. */
const smoothing = 0.2;

/** What is known of one endpoint's condition: circuit breaker, rate limit, last error and time to first token. */
export class EndpointHealth {
  readonly #breaker: CircuitBreakerPolicy;
  readonly #clock: Clock;
  #dueAt = 0;
  #limitedUntil = 0;
  #ttftMs: number | null = null;
  #lastFailure: { readonly failure: EndpointFailure; readonly at: number } | null = null;
  #served = 0;
  #failed = 0;

  constructor(url: string, settings: BreakerSettings, clock: Clock, logger: Logger) {
    this.#clock = clock;
    const faulty = handleWhen((error) => error instanceof EndpointFailure && error.countsAgainstHealth);
    this.#breaker = circuitBreaker(faulty, {
      breaker: new ConsecutiveBreaker(settings.failures),
      halfOpenAfter: new DelegateBackoff<IHalfOpenAfterBackoffContext>(({ attempt }) => {
        const ms = Math.min(settings.halfOpenAfterMs * 2 ** (attempt - 1), maxOpenMs);
        this.#dueAt = clock.now() + ms;
        return ms;
      }),
    });
    this.#breaker.onBreak(() =>
      logger.warn({ endpoint: url, reason: this.lastFailure?.message }, 'model endpoint is down'),
    );
    this.#breaker.onReset(() => logger.info({ endpoint: url }, 'model endpoint is back'));
  }

  get state(): EndpointState {
    if (this.#breaker.state === CircuitState.Closed)
      return this.#clock.now() < this.#limitedUntil ? 'limited' : 'ready';
    return this.#breaker.state === CircuitState.Open && this.#clock.now() >= this.#dueAt ? 'trial' : 'down';
  }
  /** When it can be asked again, ms from now; 0 for now. */
  get readyInMs(): number {
    const until = this.#breaker.state === CircuitState.Closed ? this.#limitedUntil : this.#dueAt;
    return Math.max(0, until - this.#clock.now());
  }
  /** Moving average of the time to first token, ms; null before the first. */
  get ttftMs(): number | null {
    return this.#ttftMs;
  }
  get lastFailure(): EndpointFailure | null {
    return this.#lastFailure?.failure ?? null;
  }
  /** Wall clock of the last failure, ms since the epoch. */
  get lastFailureAt(): number | null {
    return this.#lastFailure?.at ?? null;
  }
  get served(): number {
    return this.#served;
  }
  get failed(): number {
    return this.#failed;
  }

  /**
   * Runs one request up to its first token and learns from how it went.
   * @throws what `work` throws; EndpointFailure `network` when the circuit opened in between.
   */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    const started = this.#clock.elapsed();
    try {
      const result = await this.#breaker.execute(work);
      const ms = this.#clock.elapsed() - started;
      this.#ttftMs = this.#ttftMs === null ? ms : this.#ttftMs + smoothing * (ms - this.#ttftMs);
      this.#served += 1;
      return result;
    } catch (thrown) {
      if (thrown instanceof BrokenCircuitError) throw this.blocked();
      // A prompt that is too long says nothing about the endpoint.
      if (thrown instanceof EndpointFailure && thrown.kind !== 'overflow') this.#note(thrown);
      throw thrown;
    }
  }

  /** Lets a light request decide whether a `trial` endpoint is `ready` again. */
  async tryAgain(probe: () => Promise<unknown>): Promise<void> {
    try {
      await this.#breaker.execute(probe);
    } catch (thrown) {
      if (thrown instanceof BrokenCircuitError) return;
      if (!(thrown instanceof EndpointFailure)) throw thrown;
      // A refusal is an answer: the server lives.
      if (thrown.countsAgainstHealth) this.#note(thrown);
    }
  }

  /** It is down, and not for a fault that a light request would not show: nobody listened there, or a model was being loaded. */
  get mayHaveRestarted(): boolean {
    if (this.state !== 'down') return false;
    const last = this.lastFailure;
    return last?.kind === 'network' || last?.status === 503;
  }

  /** Takes it for sound again, before its time is over. */
  reset(): void {
    if (this.#breaker.state === CircuitState.Open) this.#breaker.isolate().dispose();
  }

  /** A stream broke after its first token. */
  async brokeLater(failure: EndpointFailure): Promise<void> {
    this.#note(failure);
    if (this.#breaker.state !== CircuitState.Closed) return;
    await Promise.allSettled([this.#breaker.execute(() => Promise.reject(failure))]);
  }

  /** Why the endpoint is not asked at the moment. */
  blocked(): EndpointFailure {
    const last = this.lastFailure;
    const wait = `not asked for another ${Math.ceil(this.readyInMs / 1_000)} s`;
    const kind = last?.kind === 'limited' ? 'limited' : 'network';
    return new EndpointFailure(kind, last ? `${last.message} (${wait})` : wait, {
      retryAfterMs: this.readyInMs,
    });
  }

  #note(failure: EndpointFailure): void {
    this.#failed += 1;
    this.#lastFailure = { failure, at: this.#clock.now() };
    if (failure.kind === 'limited') {
      this.#limitedUntil = this.#clock.now() + (failure.retryAfterMs ?? defaultLimitedMs);
    }
  }
}
