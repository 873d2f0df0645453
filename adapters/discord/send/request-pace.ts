import type { Clock } from '../../../src/clock.js';

/** Discord's global limit: 50 requests in a second, of which so many are kept for what cannot wait. */
const forGrowingText = 36;
const windowMs = 1_000;

/** The requests of the last second. Text that is still growing is shown less often where many conversations share the limit. */
export class RequestPace {
  readonly #clock: Clock;
  readonly #times: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a request. */
  note(): void {
    this.#forget();
    this.#times.push(this.#clock.elapsed());
  }

  /** Whether there is room for an edit that a later one will replace. */
  get hasRoom(): boolean {
    this.#forget();
    return this.#times.length < forGrowingText;
  }

  #forget(): void {
    const oldest = this.#clock.elapsed() - windowMs;
    while ((this.#times[0] ?? Number.POSITIVE_INFINITY) <= oldest) this.#times.shift();
  }
}
