import type { z } from 'zod';
import { loadPrompt } from '../engine/prompt.js';
import { ItemFailure, type Stage } from '../engine/stage.js';
import { indexOf } from './profiles.js';
import { additional, base, type CharacterRecord, flat, profileOutputSchema, worry } from './records.js';

const secondPerson = loadPrompt('characterchat', 'second-person');
const statement = loadPrompt('characterchat', 'statement');
const invent = loadPrompt('characterchat', 'additional');

/** Never rewritten: facts without a person in them. */
const kept = ['name', 'gender', 'age', 'region', 'job'];
const options = { maxTokens: 1000, temperature: 0.7 };

/** A profile with texts only, read from the object or from the text of one (as the released script stored it). */
export function profileOf(row: z.infer<typeof profileOutputSchema>): Record<string, string> {
  const found = row.filled_profile || row.profile;
  let value: unknown = found;
  if (typeof found === 'string')
    try {
      value = JSON.parse(found);
    } catch {
      throw new ItemFailure('the profile is no JSON object');
    }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ItemFailure('there is no profile');
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const text = flat(inner);
      return text === null ? [] : [[key, text]];
    }),
  );
}

/** Whether a text of the profile has to be said to the person: long, or with a part of their name. */
export function isRewritten(key: string, text: string, name: string): boolean {
  if (kept.includes(key)) return false;
  const parts = name.split(/\s+/).filter((part) => part !== '');
  const named = parts.some((part) => text.toLowerCase().includes(part.toLowerCase()));
  return named || text.split(/\s+/).length >= 20;
}

/** Stage 2 (CharacterChat): statements and memories in the second person. Out: `profile_trans_output` rows. */
export const transform: Stage<z.infer<typeof profileOutputSchema>, CharacterRecord> = {
  name: 'characterchat/transform',
  input: profileOutputSchema,
  idOf: (row, position) => String(indexOf(row, position)),
  idOfResult: ({ index }) => String(index),
  usual: { calls: 14, tokensIn: 350, tokensOut: 150 },
  version: `${secondPerson.version} ${statement.version} ${invent.version}`,
  run: async (row, scope, position) => {
    const profile = profileOf(row);
    const name = profile.name ?? 'this person';
    const ask = (content: string) => scope.ask([{ role: 'user', content }], options);
    const facts = (keys: readonly string[]) =>
      keys.flatMap((key) => (profile[key] === undefined ? [] : [`${key}: ${profile[key]}`])).join('\n');
    const told = (what: string, text: string) =>
      ask(secondPerson.fill({ what: what.replaceAll('_', ' '), name, text }));
    const seeker = await ask(statement.fill({ name, facts: facts([...base, worry]) }));
    const supporter = await ask(statement.fill({ name, facts: facts(base) }));
    const trans: Record<string, string> = {};
    for (const [key, text] of Object.entries(profile)) {
      if (base.some((other) => other === key) && key !== 'tone') continue;
      trans[key] = isRewritten(key, text, name) ? await told(key, text) : text;
    }
    if (profile[additional] === undefined) {
      profile[additional] = await ask(invent.fill({ facts: facts(Object.keys(profile)) }));
      trans[additional] = await told(additional, profile[additional]);
    }
    return {
      index: indexOf(row, position),
      mbti: row.mbti,
      profile,
      seeker_statement: seeker,
      supporter_statement: supporter,
      profile_trans: trans,
    };
  },
};
