import { z } from 'zod';
import { jsonAnswer } from '../engine/json.js';
import { loadPrompt } from '../engine/prompt.js';
import type { Stage } from '../engine/stage.js';
import { type DialogueRecord, dialogueSchema } from './records.js';

const prompt = loadPrompt('characterchat', 'evaluate');

/** The three questions of a rating, as the released file spells them. */
export const questions = [
  'Does the conversation improve the mood of the seeker',
  "Did the suggestion made by the supporter in the conversation solve seeker's problem",
  'Is the seeker actively participating in the conversation',
] as const;
const reason = 'Rating Reason';

/** Keys in any case, and with a question mark at the end. */
const ratingSchema = z.preprocess(
  (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const given = new Map(
      Object.entries(value).map(([key, inner]) => [key.toLowerCase().replace(/\?$/, '').trim(), inner]),
    );
    return Object.fromEntries([...questions, reason].map((key) => [key, given.get(key.toLowerCase())]));
  },
  z.record(z.string(), z.union([z.int().min(1).max(5), z.string()])).superRefine((rating, context) => {
    for (const key of questions)
      if (typeof rating[key] !== 'number')
        context.addIssue({ code: 'custom', path: [key], message: 'a whole number from 1 to 5 is wanted' });
    if (typeof rating[reason] !== 'string')
      context.addIssue({ code: 'custom', path: [reason], message: 'a text is wanted' });
  }),
);

const evalInputSchema = z.looseObject({ index: z.int().min(0), dial: z.string() });
export const evaluatedSchema = z.looseObject({ ...evalInputSchema.shape, rating: ratingSchema });
type EvaluatedRow = z.infer<typeof evaluatedSchema>;

/** A dialogue as the judge reads it (`eval_dial_input`): text as it was said, nothing escaped. */
export function transcript({ dial }: DialogueRecord): string {
  return dial.map(({ speaker, utterance }) => `${speaker}: ${utterance}\n`).join('');
}

/** Stage 4 (CharacterChat): three ratings. In: `eval_dial_input` or `dial_output` rows; out: `eval_dial_output` rows. */
export const evaluate: Stage<z.infer<typeof evalInputSchema> | DialogueRecord, EvaluatedRow> = {
  name: 'characterchat/evaluate',
  input: z.union([evalInputSchema, dialogueSchema]),
  idOf: ({ index }) => String(index),
  idOfResult: ({ index }) => String(index),
  usual: { calls: 1, tokensIn: 900, tokensOut: 120 },
  version: prompt.version,
  run: async (row, scope) => {
    const dial = typeof row.dial === 'string' ? row.dial : transcript(row as DialogueRecord);
    const rating = await scope.askFor(
      [{ role: 'user', content: prompt.fill({ dialogue: dial }) }],
      { maxTokens: 400, temperature: 0 },
      jsonAnswer(ratingSchema),
    );
    return { index: row.index, dial, rating };
  },
};
