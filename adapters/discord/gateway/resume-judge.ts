import type { Clock } from '../../../src/clock.js';

/** RESUMEs in a row that led nowhere before the session is given up. */
const hopelessAfter = 3;
/** A session is resumable for minutes; while the network is down it is kept for so long. */
const outageMs = 180_000;
/** The connection broke without a closing handshake. */
const abnormal = 1006;

/**
 * Decides when a stored gateway session is given up. The library gives it up as soon as a connection cannot be made, so
 * that a network outage of a second would lose what was missed; a session that the gateway itself refuses, or that three
 * connections in a row could not resume, is poisoned and must go.
 */
export class ResumeJudge {
  readonly #clock: Clock;
  #failures = 0;
  #hasGreeted = false;
  #isReady = false;
  #networkFailed = false;
  /** Since when no connection could be made at all, by the monotonic clock. */
  #unreachableSince: number | null = null;
  #closedWith: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new connection is tried. */
  connecting(): void {
    this.#hasGreeted = false;
    this.#isReady = false;
    this.#networkFailed = false;
    this.#closedWith = null;
  }

  /** HELLO came: the gateway can be reached. */
  greeted(): void {
    this.#hasGreeted = true;
    this.#unreachableSince = null;
  }

  /** READY or RESUMED came. */
  ready(): void {
    this.#isReady = true;
    this.#failures = 0;
  }

  networkFailed(): void {
    this.#networkFailed = true;
  }

  /** A connection closed. @returns whether the session is hopeless. */
  closed(code: number): boolean {
    this.#closedWith = code;
    if (this.#isReady) return false;
    if (this.#hasGreeted) return this.#failed();
    this.#unreachableSince ??= this.#clock.elapsed();
    return false;
  }

  /** The gateway answered RESUME with Invalid Session. @returns whether the session is hopeless. */
  refused(): boolean {
    return this.#failed();
  }

  /** The library drops the session. @returns whether to keep it all the same. */
  keepsAfterDrop(): boolean {
    const isBroken =
      this.#closedWith === null ? !this.#hasGreeted : this.#closedWith === abnormal && this.#networkFailed;
    if (!isBroken) return false;
    this.#unreachableSince ??= this.#clock.elapsed();
    return this.#clock.elapsed() - this.#unreachableSince < outageMs;
  }

  #failed(): boolean {
    this.#failures += 1;
    return this.#failures >= hopelessAfter;
  }
}
