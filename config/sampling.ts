import { z } from 'zod';

/** Decoding settings, in the names of the OpenAI API; servers ignore what they do not know. */
export const samplingSchema = z
  .strictObject({
    temperature: z.number().min(0).max(2),
    top_p: z.number().gt(0).max(1),
    top_k: z.int().min(0),
    min_p: z.number().min(0).max(1),
    repetition_penalty: z.number().gt(0),
    presence_penalty: z.number().min(-2).max(2),
    frequency_penalty: z.number().min(-2).max(2),
    seed: z.int(),
    max_tokens: z.int().min(1).max(100_000),
  })
  .partial();

export type Sampling = Readonly<z.infer<typeof samplingSchema>>;
