import { type Part, type Pool, pools, typedPools } from '../../../characters/composed/part-schema.js';
import { type PartProblem, type Parts, parseParts } from '../../../characters/composed/read-parts.js';
import type { Region } from '../../../characters/composed/regions.js';
import { mbtiTypes } from '../../../characters/schema.js';

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${letters(i)}`);
const letters = (i: number): string => String.fromCharCode(113, 97 + Math.floor(i / 26), 97 + (i % 26));

export const regions: ReadonlyMap<string, Region> = new Map(
  (['europe', 'asia'] as const).map((area, i) => [
    area,
    {
      id: area,
      in: i === 0 ? 'the Lowlands' : 'Farland',
      area,
      familyFirst: i === 1,
      female: names('Fe', 30),
      male: names('Ma', 30),
      surnames: names('Su', 40),
      towns: names('To', 12),
    },
  ]),
);

/** The regions as their file holds them. */
export function regionsText(): string {
  return [...regions.values()]
    .map(({ female, male, surnames, towns, ...region }) => {
      const lists = {
        female: female.join(),
        male: male.join(),
        surnames: surnames.join(),
        towns: towns.join(),
      };
      return `- ${JSON.stringify({ ...region, ...lists })}`;
    })
    .join('\n');
}

const families = [
  'no none yes alive',
  'yes small yes alive',
  'yes grown none one',
  'widowed grown yes dead',
  'ex yes yes one',
  'no none none dead',
];
const jobs = [
  'work=student age=18-27 income=low',
  'work=yes income=low',
  'work=yes income=middle',
  'work=retired age=60-85 income=low',
];
const homes = ['low alone', 'low family', 'low shared', 'middle alone', 'middle family', 'middle shared'];

/** Parts enough for a small bank, each with words of its own. */
export function fixtureText(perPool = 24): string {
  return pools
    .flatMap((pool) =>
      typedPools.has(pool)
        ? mbtiTypes.flatMap((type) =>
            Array.from({ length: 6 }, (_, i) => block(pool, i, `type=${type}`, type.toLowerCase())),
          )
        : Array.from({ length: perPool }, (_, i) => block(pool, i, head(pool, i), 'x')),
    )
    .join('\n\n');
}

function head(pool: Pool, i: number): string {
  if (pool === 'job') return `title="${pool} ${letters(i)}" ${jobs[i % jobs.length]}`;
  if (pool === 'growth') return 'tags=grief';
  if (pool === 'worry') return 'tags=sleep';
  const [partner, children, siblings, parents] = (families[i % families.length] ?? '').split(' ');
  if (pool === 'family')
    return `partner=${partner} children=${children} siblings=${siblings} parents=${parents}`;
  const [income, lives] = (homes[i % homes.length] ?? '').split(' ');
  return pool === 'home' ? `income=${income} lives=${lives}` : '';
}

function block(pool: Pool, i: number, keys: string, kind: string): string {
  const words = names(`${pool}${kind}${letters(i)}`, 30).join(' ');
  const lines = [
    `[${pool} ${kind}-${i}] ${keys}`,
    `You ${words} in {town} with {man} and {woman}.`,
    `say ${pool === 'job' ? 'job' : 'yourself'}: I ${pool}.`,
  ];
  if (['hobby', 'job', 'growth', 'worry'].includes(pool))
    lines.push(`sum: ${pool === 'job' ? `a ${pool} ${letters(i)}` : `${pool}s ${letters(i)}`}`);
  if (pool === 'growth' || pool === 'worry') lines.push('helps: understands a long night');
  return lines.join('\n');
}

/** @throws Error on the first problem. */
export function partsOfText(text: string): Parts {
  const problems: PartProblem[] = [];
  const parts: Part[] = parseParts(text, 'fixture.txt', problems);
  if (problems[0]) throw new Error(problems[0].reason);
  return Object.fromEntries(
    pools.map((pool) => [pool, parts.filter((part) => part.pool === pool)]),
  ) as unknown as Parts;
}
