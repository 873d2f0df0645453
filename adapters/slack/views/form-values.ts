import { z } from 'zod';

const choiceSchema = z.object({ value: z.string() });

const elementSchema = z.object({
  value: z.string().nullish(),
  selected_option: choiceSchema.nullish(),
  selected_options: z.array(choiceSchema).nullish(),
  selected_conversations: z.array(z.string()).nullish(),
});

/** `view.state.values`: block id → action id → what was entered. */
export const formValuesSchema = z.record(z.string(), z.record(z.string(), elementSchema));
export type FormValues = z.infer<typeof formValuesSchema>;

/** The text of a field; '' when it was left empty. A field's block and action carry the same id. */
export const typed = (values: FormValues, id: string): string => values[id]?.[id]?.value ?? '';

/** The value of the chosen option; '' for none. */
export const chosen = (values: FormValues, id: string): string =>
  values[id]?.[id]?.selected_option?.value ?? '';

/** Whether an option is ticked. */
export const ticked = (values: FormValues, id: string, value: string): boolean =>
  values[id]?.[id]?.selected_options?.some((option) => option.value === value) ?? false;

/** Ids of the chosen conversations. */
export const conversations = (values: FormValues, id: string): readonly string[] =>
  values[id]?.[id]?.selected_conversations ?? [];
