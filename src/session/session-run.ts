import type { TurnId } from '../ids.js';

/** Why a run was ended before its inbox was empty. */
export type EndReason = 'lease-lost' | 'shutdown';

/** Why a reply was stopped: nobody asks for it any more, so nothing is said of it. */
export const withdrawn = new Error('what it answers was deleted');

/** How a turn is told to end early. */
export interface TurnSignals {
  /** The person's stop button: end the reply here and commit it. */
  readonly stop: AbortSignal;
  /** Lease lost or shutdown: leave everything to the next holder. */
  readonly abandon: AbortSignal;
  /** Called when it is known which turn it is. */
  readonly begins: (turn: TurnId) => void;
}

/** One process working through the inbox of one session: turn after turn until it is empty. */
export class SessionRun {
  #stop = new AbortController();
  /** The stop signal has been given to a turn. */
  #used = false;
  readonly #abandon = new AbortController();
  #ending: EndReason | null = null;
  /** The turn that runs; null before it is known. */
  #turn: TurnId | null = null;
  /** A turn that was to be stopped before it began. */
  #unwanted: TurnId | null = null;
  /** A message came while this run may already be leaving. */
  again = false;

  /** Set when no further turn may start. */
  get ending(): EndReason | null {
    return this.#ending;
  }

  /** The signals of the next turn. A stop that came before the first turn began holds for it. */
  nextSignals(): TurnSignals {
    if (this.#used && this.#stop.signal.aborted) this.#stop = new AbortController();
    this.#used = true;
    this.#turn = null;
    return {
      stop: this.#stop.signal,
      abandon: this.#abandon.signal,
      begins: (turn) => {
        this.#turn = turn;
        if (turn === this.#unwanted) this.stop();
      },
    };
  }

  /** Ends the reply being written, not the run. */
  stop(reason: Error = new Error('stopped')): void {
    this.#stop.abort(reason);
  }

  /** Ends the reply of one turn, also where it is yet to begin. False where this run is not at it. */
  stopTurn(turn: TurnId): boolean {
    this.#unwanted = turn;
    if (this.#turn !== turn) return false;
    this.stop();
    return true;
  }

  /** Ends the run as soon as its turn has noticed. */
  end(reason: EndReason): void {
    if (this.#ending !== null) return;
    this.#ending = reason;
    this.#abandon.abort(new Error(reason));
  }
}
