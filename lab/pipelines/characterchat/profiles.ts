import { z } from 'zod';
import { jsonAnswer } from '../engine/json.js';
import { loadPrompt } from '../engine/prompt.js';
import type { Stage } from '../engine/stage.js';
import { aspects, base, profileInputSchema, worry } from './records.js';

const first = loadPrompt('characterchat', 'profile');
const fill = loadPrompt('characterchat', 'profile-fill');

/** Keys of our own prompts' answers; more are kept. Those of memory may be missing in files, not in what we make. */
const answerSchema = z
  .looseObject(Object.fromEntries([...base, ...aspects, worry].map((key) => [key, z.json()])))
  .refine((profile) => Object.values(profile).every((value) => value !== null), 'nothing may be null');

/** The order of files where a row has no `index`. */
export const indexOf = (row: { readonly index?: number | undefined }, position: number): number =>
  row.index ?? position;

/**
 * Stage 1 (CharacterChat): a type's description becomes a person, then a richer one. In: `profile_input` rows, or
 * `{mbti, description}`; out: `{index, mbti, profile}` with the profile as an object. Of the released prompts
 * (`command_list`) those that are there are used.
 */
export const profiles: Stage<z.infer<typeof profileInputSchema>, { index: number }> = {
  name: 'characterchat/profiles',
  input: profileInputSchema,
  idOf: (row, position) => String(indexOf(row, position)),
  idOfResult: ({ index }) => String(index),
  usual: { calls: 2, tokensIn: 1200, tokensOut: 900 },
  version: `${first.version} ${fill.version}`,
  run: async (row, scope, position) => {
    const description = typeof row.description === 'string' ? row.description : '';
    const asked = row.command_list?.[0] ?? first.fill({ mbti: row.mbti, description });
    const more = row.command_list?.[1] ?? fill.fill();
    const read = jsonAnswer(answerSchema);
    const options = { maxTokens: 3000, temperature: 1 };
    const person = await scope.askFor([{ role: 'user', content: asked }], options, read);
    const profile = await scope.askFor(
      [
        { role: 'user', content: asked },
        { role: 'assistant', content: JSON.stringify(person) },
        { role: 'user', content: more },
      ],
      options,
      read,
    );
    return { index: indexOf(row, position), mbti: row.mbti, profile };
  },
};
