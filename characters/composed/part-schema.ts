import { z } from 'zod';
import { mbtiSchema } from '../schema.js';

/** What a composed character is made of, in the order of the columns of a table of choices (see `choices.ts`). */
export const pools = [
  'job',
  'job2',
  'family',
  'family2',
  'home',
  'place',
  'growth',
  'origin',
  'hobby',
  'hobby2',
  'circle',
  'friend2',
  'worry',
  'worry2',
  'state',
  'habit',
  'tone',
  'saying',
  'quirk',
  'personality',
  'strength',
  'weakness',
] as const;
export type Pool = (typeof pools)[number];

/** Pools that are written for one Myers-Briggs type each. */
export const typedPools: ReadonlySet<Pool> = new Set(['personality', 'strength', 'weakness']);

const words = z.string().trim();
const id = words.regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');
const ageRange = words
  .regex(/^\d{2}-\d{2}$/, 'two ages, as 18-75')
  .transform((range): readonly [number, number] => [Number(range.slice(0, 2)), Number(range.slice(3))])
  .refine(([from, to]) => from <= to, 'the first age is above the second');
const list = <T extends z.ZodType<string, string>>(each: T) =>
  words.transform((joined) => joined.split(/[|,]/).filter(Boolean)).pipe(z.array(each));

export const areas = ['europe', 'asia', 'africa', 'latin', 'north', 'middle-east', 'oceania'] as const;
export const areaSchema = z.enum(areas);

/** Circumstances of a life that parts of it must agree about. */
const lifeShape = {
  gender: z.enum(['f', 'm']).optional(),
  partner: z.enum(['yes', 'no', 'ex', 'widowed']).optional(),
  /** `yes` where their age is left open. */
  children: z.enum(['none', 'small', 'grown', 'yes']).optional(),
  siblings: z.enum(['yes', 'none']).optional(),
  parents: z.enum(['alive', 'dead', 'one']).optional(),
  pet: z.enum(['cat', 'dog', 'other', 'none']).optional(),
  income: z.enum(['low', 'middle', 'high']).optional(),
  lives: z.enum(['alone', 'family', 'shared']).optional(),
  work: z.enum(['yes', 'student', 'retired', 'none']).optional(),
} as const;

/** The keys in the head of a part. */
export const headSchema = z.strictObject({
  age: ageRange.optional(),
  ...lifeShape,
  regions: list(z.enum([...areas, 'any'])).optional(),
  tags: list(id).default([]),
  title: words.min(1).optional(),
  type: mbtiSchema.optional(),
});

const lifeSchema = z.object(lifeShape);
/** What is settled about a person; what is left out is still open. */
export type Life = z.infer<typeof lifeSchema>;
export const lifeKeys = Object.keys(lifeShape) as (keyof Life)[];

/** A hand-written piece of a person: one half of a memory, a turn of phrase, a trait. */
export interface Part extends z.infer<typeof headSchema> {
  readonly pool: Pool;
  readonly id: string;
  /** Second person, with slots (`{town}`, `{man}` …). */
  readonly text: string;
  /** Question → what the person says, first person. */
  readonly say: readonly (readonly [question: string, answer: string])[];
  /** A clause after "who" (hobby, worry), after "who has" (growth) or with its article (job); '' where the pool has none. */
  readonly sum: string;
  /** What such a person understands, third person; '' where the pool has none. */
  readonly helps: string;
}

export const poolSchema = z.enum(pools);
export const partIdSchema = id;
