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
