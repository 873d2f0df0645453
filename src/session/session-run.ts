/** Why a turn was aborted; the reason of its AbortSignal. */
export type AbortReason = 'stopped' | 'lease-lost' | 'shutdown';

/** One process working through the inbox of one session: turn after turn until it is empty. */
export class SessionRun {
  #turn = new AbortController();
  #ending: AbortReason | null = null;
  /** A message came while this run may already be leaving. */
  again = false;

  /** Set when no further turn may start. */
  get ending(): AbortReason | null {
    return this.#ending;
  }

  /** The signal of the next turn. */
  nextSignal(): AbortSignal {
    if (this.#turn.signal.aborted && this.#ending === null) this.#turn = new AbortController();
    return this.#turn.signal;
  }

  /** Ends the reply being written, not the run. */
  stop(): void {
    this.#turn.abort('stopped' satisfies AbortReason);
  }

  /** Ends the run as soon as its turn has noticed. */
  end(reason: AbortReason): void {
    this.#ending = reason;
    this.#turn.abort(reason);
  }
}
