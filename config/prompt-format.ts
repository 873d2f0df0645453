import { z } from 'zod';

/** The families of checkpoints that prompts can be written for (docs/prompt-formats.md). */
export const promptFormatSchema = z.enum(['characterchat', 'character-llm', 'personagpt', 'chat', 'voice']);
export type PromptFormatName = z.infer<typeof promptFormatSchema>;

/**
 * Other layouts of a format.
 * - `act-form-a` (personagpt): the model card's layout of a controlled reply instead of convogym's.
 * - `system-in-user` (chat): for templates without a system role; the system text opens the first user message.
 */
export const promptVariantSchema = z.enum(['act-form-a', 'system-in-user']);
export type PromptVariant = z.infer<typeof promptVariantSchema>;

/** The format that each variant is one of. */
export const formatOfVariant: Readonly<Record<PromptVariant, PromptFormatName>> = {
  'act-form-a': 'personagpt',
  'system-in-user': 'chat',
};

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
