import { z } from 'zod';
import { ScorerHead, singleSpaced, stacked } from './scorer-head.js';
import type { ScorerEncoder } from './sentence-encoder.js';

/** Which of several replies answers a line: `message` [1, d], `replies` [n, d] → `fit` [n], cosines of two trained projections. */
export class TrainedReplyRanker {
  readonly kind: string;
  readonly #head: ScorerHead<z.ZodObject>;

  /** @throws RapportError RAPPORT_E_MODEL_FILE */
  constructor(folder: string, encoders: readonly ScorerEncoder[]) {
    this.#head = new ScorerHead(folder, z.looseObject({}), encoders);
    this.kind = this.#head.label;
  }

  /**
   * How well each reply fits the message, in [−1, 1]; comparable for one message only.
   * @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE
   */
  async fit(message: string, replies: readonly string[]): Promise<readonly number[]> {
    if (replies.length === 0) return [];
    const { dimension } = this.#head;
    const asked = await this.#head.vectors([singleSpaced(message)]);
    const answers = await this.#head.vectors(replies.map(singleSpaced), { remember: false });
    const { fit } = await this.#head.run(
      {
        message: { data: stacked(asked, dimension), shape: [1, dimension] },
        replies: { data: stacked(answers, dimension), shape: [replies.length, dimension] },
      },
      ['fit'],
    );
    return [...fit];
  }

  /** Loads the graph now, so that a broken file is found at start. @throws RapportError RAPPORT_E_MODEL_FILE */
  async warm(): Promise<void> {
    await this.fit('I am here.', ['I am here, too.']);
  }
}
