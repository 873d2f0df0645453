import type { TurnId } from '../../../src/ids.js';
import type { Store } from '../../../src/state/store.js';

/** A request is of no use any more after so long, ms. */
const keptMs = 600_000;

const keyOf = (turn: TurnId): string => `slack:stop:${turn}`;

/** Stop buttons that were pressed in one process while another writes the reply: Slack hands a press to any of them. */
export class StopRequests {
  readonly #platform: Pick<Store['platform'], 'get' | 'set'>;

  constructor({ platform }: { readonly platform: Pick<Store['platform'], 'get' | 'set'> }) {
    this.#platform = platform;
  }

  /** @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  leave(turn: TurnId): Promise<void> {
    return this.#platform.set(keyOf(turn), '1', keptMs);
  }

  /** @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async isLeft(turn: TurnId): Promise<boolean> {
    return (await this.#platform.get(keyOf(turn))) !== null;
  }
}
