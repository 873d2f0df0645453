import type { Clock } from '../../src/clock.js';
import { RecentMap } from '../../src/recent-map.js';

const capacity = 1_000;
const keptMs = 3_600_000;

/**
 * What characters said lately, by the id of its output item: clients of `/v1/responses` (the AI SDK) send back the id and not the
 * text. In memory only, the newest thousand, known for an hour; nothing of a call with `store: false`.
 */
export class SpokenItems {
  readonly #texts: RecentMap<string, string>;

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#texts = new RecentMap(capacity, { ms: keptMs, clock });
  }

  keep(id: string, text: string): void {
    this.#texts.set(id, text);
  }

  textOf(id: string): string | undefined {
    return this.#texts.get(id);
  }
}
