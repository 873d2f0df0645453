import { type Needs, needsOf, oldestAge } from './mentions.js';
import { type Life, lifeKeys, type Part } from './part-schema.js';
import type { Region } from './regions.js';

/** A person before their parts: what every part must fit. */
export interface Frame {
  readonly gender: 'f' | 'm';
  readonly age: number;
  readonly region: Region;
}

/** A part with what it asks for, worked out once. */
export interface Candidate {
  readonly part: Part;
  readonly ages: readonly [from: number, to: number];
  readonly needs: Needs;
}

const anyAge = [18, 99] as const;
const workAges = { yes: [19, 67], student: [18, 27], retired: [62, 90], none: [18, 67] } as const;

/** A part with the ages and the life that it allows. */
export function candidate(part: Part): Candidate {
  const text = [part.text, ...part.say.map(([, said]) => said)].join(' ');
  const ranges: (readonly [number, number])[] = [
    part.age ?? (part.pool === 'job' ? workAges[part.work ?? 'yes'] : anyAge),
    [oldestAge(text), 99],
    ...(part.pool === 'family' ? familyAges(part) : []),
  ];
  const ages: [number, number] = [
    Math.max(...ranges.map(([from]) => from)),
    Math.min(...ranges.map(([, to]) => to)),
  ];
  const needs = needsOf(part);
  // A job without a word about it is one that somebody does.
  return { part, ages, needs: part.pool === 'job' ? { ...needs, work: [part.work ?? 'yes'] } : needs };
}

/** Ages at which such a family is likely. */
function familyAges({ partner, children, parents }: Part): (readonly [number, number])[] {
  const ages: (readonly [number, number])[] = [];
  if (partner === 'yes') ages.push([20, 99]);
  if (partner === 'ex') ages.push([22, 99]);
  if (partner === 'widowed') ages.push([32, 99]);
  if (children === 'small') ages.push([21, 52]);
  if (children === 'yes') ages.push([28, 99]);
  if (children === 'grown') ages.push([44, 99]);
  if (parents === 'alive') ages.push([18, 66]);
  if (parents === 'one') ages.push([18, 76]);
  if (parents === 'dead') ages.push([24, 99]);
  return ages;
}

/** Whether a part can belong to a person of this frame whose life is settled so far. */
export function fits({ part, ages, needs }: Candidate, { gender, age, region }: Frame, life: Life): boolean {
  if (age < ages[0] || age > ages[1]) return false;
  if (needs.gender && !needs.gender.includes(gender)) return false;
  if (part.regions && !part.regions.includes('any') && !part.regions.includes(region.area)) return false;
  for (const key of lifeKeys) {
    const asked: readonly string[] | undefined = needs[key];
    if (asked === undefined || key === 'gender') continue;
    if (asked.length === 0) return false;
    const value = life[key];
    if (value !== undefined && !asked.includes(value)) return false;
  }
  return part.pool !== 'home' || part.lives === undefined || livesSo(part.lives, life, age);
}

/** Whether somebody of this age and family lives so. */
function livesSo(
  lives: NonNullable<Life['lives']>,
  { partner, children, parents }: Life,
  age: number,
): boolean {
  if (partner === 'yes' || children === 'small') return lives === 'family';
  if (children === 'yes') return lives !== 'alone';
  if (lives !== 'family') return true;
  return age <= 30 && parents !== 'dead';
}

/** The life with what a part settles. */
export function settled(life: Life, { needs }: Candidate): Life {
  const next: Record<string, string | undefined> = { ...life };
  for (const key of lifeKeys) {
    const asked = needs[key];
    if (key !== 'gender' && asked?.length === 1) next[key] ??= asked[0] as string;
  }
  return next as Life;
}
