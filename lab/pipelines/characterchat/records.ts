import { z } from 'zod';

/** The memory aspects, one of which may be told in a turn (CharacterChat). */
export const aspects = [
  'advantages_and_disadvantages',
  'hobby',
  'growth_experience',
  'family_relationship',
  'working_conditions',
  'social_relationship',
  'emotional_state',
  'living_conditions',
] as const;
export const worry = 'recent_worry_or_anxiety';
export const additional = 'additional_information';
export const base = ['name', 'gender', 'age', 'region', 'tone', 'job', 'personality'] as const;

/** The released files hold numbers, lists and objects where a text is meant; keys we do not know are kept. */
const dirty = z.json();

export const profileInputSchema = z.looseObject({
  index: z.int().min(0).optional(),
  mbti: z.string(),
  command_list: z.array(z.string()).optional(),
});

export const profileOutputSchema = z.looseObject({
  index: z.int().min(0).optional(),
  mbti: z.string(),
  profile: z.union([z.record(z.string(), dirty), z.string()]).optional(),
  filled_profile: z.union([z.record(z.string(), dirty), z.string()]).optional(),
});

export const characterSchema = z.looseObject({
  index: z.int().min(0),
  mbti: z.string(),
  profile: z.record(z.string(), z.string()),
  seeker_statement: z.string(),
  supporter_statement: z.string(),
  profile_trans: z.record(z.string(), z.string()),
});
export type CharacterRecord = z.infer<typeof characterSchema>;

/** One text of whatever a model gave for a field: lists and objects become sentences; null where there is nothing. */
export function flat(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return joined(value.map(flat));
  if (typeof value === 'object')
    return joined(
      Object.entries(value).map(([key, inner]) => {
        const text = flat(inner);
        return text === null ? null : `${key.replaceAll('_', ' ')}: ${text}`;
      }),
    );
  const text = String(value).trim();
  return text === '' ? null : text;
}

function joined(texts: readonly (string | null)[]): string | null {
  const found = texts.filter((text) => text !== null).map((text) => text.replace(/[.;]$/, ''));
  return found.length === 0 ? null : `${found.join('; ')}.`;
}
export const roles = ['seeker', 'supporter'] as const;
export type Role = (typeof roles)[number];

export const utteranceSchema = z.looseObject({
  turn: z.int().min(0),
  speaker: z.enum(roles),
  choose_info: z.looseObject({ aspect: z.string(), content: z.string() }),
  utterance: z.string(),
});
export type Utterance = z.infer<typeof utteranceSchema>;

export const dialogueSchema = z.looseObject({
  index: z.int().min(0),
  seeker_info: z.looseObject({
    seeker_index: z.int(),
    seeker_statement: z.string(),
    seeker_profile_trans: z.record(z.string(), z.string()),
  }),
  supporter_info: z.looseObject({
    supporter_index: z.int(),
    supporter_statement: z.string(),
    supporter_profile_trans: z.record(z.string(), z.string()),
  }),
  dial: z.array(utteranceSchema),
});
export type DialogueRecord = z.infer<typeof dialogueSchema>;
