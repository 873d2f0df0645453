import { reasonOf } from '../../config/errors.js';
import type { EmotionClassifier, EmotionReading } from '../emotion/emotion-classifier.js';
import type { Json } from '../state/trace.js';
import { round, type Tracer } from './tracer.js';
import type { TurnServices } from './turn-services.js';

/** Notes the feeling of the message in the trace; a reader that fails costs the note, not the reply. */
export async function readEmotion(
  text: string,
  { emotion, logger }: Pick<TurnServices, 'emotion' | 'logger'>,
  tracer: Tracer,
): Promise<void> {
  if (!emotion) return;
  try {
    await tracer.run('emotion', () => emotionStage(text, emotion));
  } catch (error) {
    logger.warn({ reason: reasonOf(error) }, 'the feeling of a message could not be read');
  }
}

/** The feeling of the message, for the trace: nothing is decided by it. */
async function emotionStage(
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
