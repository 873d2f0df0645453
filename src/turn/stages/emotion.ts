import { reasonOf } from '../../../config/errors.js';
import { round } from '../trace.js';
import type { Stage } from './stage.js';

/**
 * The feeling of the message, for the trace: nothing is decided by it, so it is read while the model speaks, and a reader
 * that fails costs the note, not the reply.
 */
export const emotion: Stage<'emotion'> = {
  name: 'emotion',
  phase: 'speak',
  run: async (draft, { emotion: classifier, logger }) => {
    if (!classifier) return [null, null];
    try {
      const reading = await classifier.classify(draft.input.text);
      if (!reading) return [null, { kind: classifier.kind }];
      const { label, probability, valence, arousal, mood, ranked } = reading;
      return [
        reading,
        {
          kind: classifier.kind,
          label,
          probability: round(probability),
          valence: round(valence),
          arousal: round(arousal),
          mood: round(mood),
          ranked: ranked.map((one) => ({ label: one.label, probability: round(one.probability) })),
        },
      ];
    } catch (error) {
      logger.warn({ reason: reasonOf(error) }, 'the feeling of a message could not be read');
      return [null, null];
    }
  },
};
