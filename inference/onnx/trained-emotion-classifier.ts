import { z } from 'zod';
import type { EmotionClassifier, EmotionReading } from '../../src/emotion/emotion-classifier.js';
import { ScorerHead, singleSpaced } from './scorer-head.js';
import type { ScorerEncoder } from './sentence-encoder.js';

const schema = z.looseObject({ labels: z.array(z.string().min(1)).min(2) });

/** Valence −1 … 1 on the 0–5 scale of moods. */
const moodMiddle = 2.5;
const shown = 3;

/** `text` [1, d] → `probabilities` [1, labels], `affect` [1, 2] (valence, arousal). */
export class TrainedEmotionClassifier implements EmotionClassifier {
  readonly kind: string;
  readonly #head: ScorerHead<typeof schema>;

  /** @throws RapportError RAPPORT_E_MODEL_FILE */
  constructor(folder: string, encoders: readonly ScorerEncoder[]) {
    this.#head = new ScorerHead(folder, schema, encoders);
    this.kind = this.#head.label;
  }

  async classify(text: string): Promise<EmotionReading | null> {
    const plain = singleSpaced(text);
    const all = plain === '' ? null : await this.probabilities(plain);
    if (!all) return null;
    const { probabilities, affect } = all;
    const ranked = this.#head.manifest.labels
      .map((label, place) => ({ label, probability: probabilities[place] ?? 0 }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, shown);
    const [valence = 0, arousal = 0] = affect;
    const [best] = ranked;
    return best ? { ...best, valence, arousal, mood: moodMiddle * (1 + valence), ranked } : null;
  }

  /** All probabilities in the order of the manifest's labels, with valence and arousal, for measurements. */
  async probabilities(
    text: string,
  ): Promise<{ readonly probabilities: Float32Array; readonly affect: Float32Array }> {
    const [vector = new Float32Array(this.#head.dimension)] = await this.#head.vectors([singleSpaced(text)]);
    return this.#head.run({ text: { data: vector, shape: [1, this.#head.dimension] } }, [
      'probabilities',
      'affect',
    ]);
  }

  /** Loads the graph now, so that a broken file is found at start. @throws RapportError RAPPORT_E_MODEL_FILE */
  async warm(): Promise<void> {
    await this.probabilities('I am here.');
  }

  get labels(): readonly string[] {
    return this.#head.manifest.labels;
  }
}
