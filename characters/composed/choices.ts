import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { mbtiSchema } from '../schema.js';
import { type Pool, partIdSchema, pools } from './part-schema.js';

/** Columns of parts: each pool once; quirks and personalities come in pairs. */
export const columns = [...pools, 'quirk', 'personality'] as const satisfies readonly Pool[];

/** One composed character as it is stored: who, and which parts. */
export interface Choice {
  readonly mbti: z.infer<typeof mbtiSchema>;
  readonly gender: 'f' | 'm';
  readonly age: number;
  readonly region: string;
  readonly given: string;
  readonly surname: string;
  readonly town: string;
  /** Ids of parts, in the order of {@link columns}. */
  readonly parts: readonly string[];
}

export interface ChoiceTable {
  /** What the sampler was started with. */
  readonly seed: number;
  /** The year the texts are told in: `{year:-20}` lies twenty years before it. */
  readonly year: number;
  readonly choices: readonly Choice[];
}

const headerSchema = z.strictObject({
  format: z.literal(1),
  seed: z.int(),
  year: z.int(),
  /** Ids of the parts that are used, by pool; rows name them by place, in base 36. */
  pools: z.record(z.enum(pools), z.array(partIdSchema)),
});

const rowSchema = z.tuple([
  mbtiSchema,
  z.enum(['f', 'm']),
  z.coerce.number().int().min(18).max(99),
  z.string().min(1),
  z.string().min(1),
  z.string().min(1),
  z.string().min(1),
  z.string(),
]);

/** Reads a table: a line of JSON, then a character a line, parted by tabs. @throws Error saying what is wrong. */
export function readChoices(file: string): ChoiceTable {
  const [first = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  const { seed, year, pools: ids } = headerSchema.parse(JSON.parse(first));
  const choices = lines
    .filter((line) => line !== '')
    .map((line): Choice => {
      const [mbti, gender, age, region, given, surname, town, places] = rowSchema.parse(line.split('\t'));
      const parts = places.split(' ').map((place, column) => {
        const pool = columns[column];
        const id = pool && ids[pool]?.[Number.parseInt(place, 36)];
        if (id === undefined)
          throw new Error(`${given} ${surname}: no part ${place} in column ${column + 1}`);
        return id;
      });
      if (parts.length !== columns.length) throw new Error(`${given} ${surname}: ${parts.length} parts`);
      return { mbti, gender, age, region, given, surname, town, parts };
    });
  return { seed, year, choices };
}

/** The table as its file holds it. */
export function writtenChoices({ seed, year, choices }: ChoiceTable): string {
  const used = Object.fromEntries(
    pools.map((pool) => [
      pool,
      [
        ...new Set(choices.flatMap(({ parts }) => parts.filter((_, column) => columns[column] === pool))),
      ].sort(),
    ]),
  ) as Record<Pool, string[]>;
  const places = Object.fromEntries(
    pools.map((pool) => [pool, new Map(used[pool].map((id, place) => [id, place.toString(36)]))]),
  ) as Record<Pool, Map<string, string>>;
  const rows = choices.map(({ mbti, gender, age, region, given, surname, town, parts }) =>
    [
      mbti,
      gender,
      age,
      region,
      given,
      surname,
      town,
      parts.map((id, column) => places[columns[column] as Pool].get(id)).join(' '),
    ].join('\t'),
  );
  return `${[JSON.stringify({ format: 1, seed, year, pools: used }), ...rows].join('\n')}\n`;
}
