import type { EmotionClassifier, EmotionReading } from '../emotion/emotion-classifier.js';
import type { Json } from './trace.js';
import { round } from './tracer.js';

/** The feeling of the message, for the trace: nothing is decided by it. */
export async function emotionStage(
  text: string,
  emotion: EmotionClassifier,
): Promise<readonly [EmotionReading | null, { [key: string]: Json }]> {
  const reading = await emotion.classify(text);
  if (!reading) return [null, { kind: emotion.kind }];
  const { label, probability, valence, arousal, mood, ranked } = reading;
  return [
    reading,
    {
      kind: emotion.kind,
      label,
      probability: round(probability),
      valence: round(valence),
      arousal: round(arousal),
      mood: round(mood),
      ranked: ranked.map((one) => ({ label: one.label, probability: round(one.probability) })),
    },
  ];
}
