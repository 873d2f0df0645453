import type { MessageId } from '../../src/ids.js';

/** A message that calls look for the answer to. */
interface Watched {
  callers: number;
  /** Those of them that have not gone. */
  waiting: number;
  /** Its turn runs in this process. */
  running: boolean;
}

/** A call among those that look for the same answer. */
export interface Caller {
  /** The turn began or ended. */
  runs(running: boolean): void;
  /** Its client has gone. @returns whether the turn runs and nobody waits for it any more. */
  leave(): boolean;
  /** It looks no longer. */
  end(): void;
}

/** Who waits for which answer: a reply that several calls wait for is stopped when the last of them has gone. */
export class Callers {
  readonly #watched = new Map<MessageId, Watched>();

  enter(id: MessageId): Caller {
    const watched = this.#watched.get(id) ?? { callers: 0, waiting: 0, running: false };
    this.#watched.set(id, watched);
    watched.callers += 1;
    watched.waiting += 1;
    let here = true;
    const leave = (): boolean => {
      if (here) watched.waiting -= 1;
      here = false;
      return watched.waiting === 0 && watched.running;
    };
    return {
      runs: (running) => {
        watched.running = running;
      },
      leave,
      end: () => {
        leave();
        watched.callers -= 1;
        if (watched.callers === 0) this.#watched.delete(id);
      },
    };
  }
}
