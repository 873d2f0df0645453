import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, unusable } from './model-folder.js';

const aspectPhrasesSchema = z.object({
  /** Weights of the cosines with name, phrase, examples (mean) and the memory's own text. */
  weights: z.object({ name: z.number(), phrase: z.number(), examples: z.number(), text: z.number() }),
  /** Below it nothing is chosen. */
  threshold: z.number(),
  /** The same for a memory whose aspect has no phrases: it is scored by its text alone. */
  textThreshold: z.number(),
  /** A last line this near to one of `smallTalk` calls for no memory. */
  smallTalkLimit: z.number(),
  smallTalk: z.array(z.string().min(1)),
  aspects: z.record(
    z.string(),
    z.object({ name: z.string(), phrase: z.string(), examples: z.array(z.string().min(1)).min(1) }),
  ),
});

/** Words that stand for the memory aspects, and the weights of the zero-shot selection; part of the encoder's folder. */
export type AspectPhrases = z.infer<typeof aspectPhrasesSchema>;

/** @throws RapportError RAPPORT_E_MODEL_FILE */
export function readAspectPhrases(folder: string): AspectPhrases {
  const file = join(folder, 'aspects.json');
  const parsed = aspectPhrasesSchema.safeParse(readJsonFile(file));
  if (!parsed.success)
    throw unusable(
      file,
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    );
  return parsed.data;
}
