import { RapportError } from '../../config/errors.js';
import { idFrom } from '../id.js';
import { mbtiTypes } from '../schema.js';
import { type Choice, type ChoiceTable, columns } from './choices.js';
import { nameOf } from './compose.js';
import { type Candidate, candidate, type Frame, fits, settled } from './fitting.js';
import { type Life, type Pool, pools, typedPools } from './part-schema.js';
import type { Parts } from './read-parts.js';
import type { Region } from './regions.js';
import { seeded, shuffled } from './seeded.js';

export interface SamplerOptions {
  readonly seed: number;
  /** Composed characters a type: 64 with the one that is written by hand. */
  readonly perType: number;
  /** The year the texts are told in. */
  readonly year: number;
  /** Names that are taken. */
  readonly taken: readonly string[];
}

/** Shares of ages, the last year of each band included. */
export const ageBands = [
  { from: 18, to: 25, share: 0.15 },
  { from: 26, to: 39, share: 0.33 },
  { from: 40, to: 54, share: 0.28 },
  { from: 55, to: 66, share: 0.16 },
  { from: 67, to: 84, share: 0.08 },
] as const;

/** Drawn in this order: what settles most comes first. */
const order: readonly Pool[] = [
  'job',
  'family',
  'home',
  'growth',
  'worry',
  'hobby',
  'job2',
  'family2',
  'place',
  'origin',
  'hobby2',
  'circle',
  'friend2',
  'worry2',
  'state',
  'habit',
  'quirk',
  'personality',
  'strength',
  'weakness',
  'tone',
  'saying',
];

/** Pools no two characters may share both parts of: the halves of each aspect, and two of hobby, job and growth. */
const pairs: readonly (readonly [Pool, Pool])[] = [
  ['hobby', 'job'],
  ['job', 'growth'],
  ['hobby', 'growth'],
  ['job', 'job2'],
  ['family', 'family2'],
  ['home', 'place'],
  ['origin', 'growth'],
  ['hobby', 'hobby2'],
  ['circle', 'friend2'],
  ['worry', 'worry2'],
  ['state', 'habit'],
  ['tone', 'saying'],
  ['strength', 'weakness'],
  ['quirk', 'quirk'],
  ['personality', 'personality'],
];

const attempts = 400;

/**
 * Chooses the parts of a bank: types, genders, regions and ages in the stated shares; every part fits its person's life; no two
 * people share both halves of anything, or two of hobby, job and growth; all parts are used about equally often. The same seed
 * and parts give the same bank.
 * @throws RapportError RAPPORT_E_BANK_PARTS where the parts do not suffice.
 */
export function sampleBank(
  parts: Parts,
  regions: ReadonlyMap<string, Region>,
  options: SamplerOptions,
): ChoiceTable {
  const { seed, perType, year } = options;
  const next = seeded(seed);
  const draw = new Draw(parts, next);
  const names = new Names([...regions.values()], options.taken, next);
  const choices = frames([...regions.values()], perType, next).map(
    ({ mbti, gender, region, band }): Choice => {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const age = band.from + Math.floor(next() * (band.to - band.from + 1));
        const chosen = draw.person({ gender, age, region }, mbti);
        if (chosen)
          return { mbti, gender, age, region: region.id, ...names.next(region, gender), parts: chosen };
      }
      throw new RapportError('RAPPORT_E_BANK_PARTS', { pool: draw.stuckAt });
    },
  );
  const rank = new Map(mbtiTypes.map((type, place) => [type, place]));
  return {
    seed,
    year,
    choices: choices.toSorted((a, b) => (rank.get(a.mbti) ?? 0) - (rank.get(b.mbti) ?? 0)),
  };
}

interface Slot {
  readonly mbti: Choice['mbti'];
  readonly gender: 'f' | 'm';
  readonly region: Region;
  readonly band: (typeof ageBands)[number];
}

/** One a character: types, genders and regions in equal numbers, ages by their shares, dealt out independently. */
function frames(regions: readonly Region[], perType: number, next: () => number): Slot[] {
  const total = perType * mbtiTypes.length;
  const bands = ageBands.flatMap((band) =>
    Array.from({ length: Math.round(band.share * total) }, () => band),
  );
  while (bands.length < total) bands.push(ageBands[1]);
  const dealt = shuffled(bands.slice(0, total), next);
  return shuffled(
    dealt.map((band, index): Slot => {
      const mbti = mbtiTypes[Math.floor(index / perType)] as Choice['mbti'];
      const gender = (index + Math.floor(index / regions.length)) % 2 === 0 ? 'f' : 'm';
      return { mbti, gender, region: regions[index % regions.length] as Region, band };
    }),
    next,
  );
}

class Draw {
  readonly #next: () => number;
  readonly #byPool: ReadonlyMap<Pool, readonly Candidate[]>;
  readonly #uses = new Map<Candidate, number>();
  readonly #taken = new Set<string>();
  readonly #rare: RareWords;
  /** The pool that had nothing left, last. */
  stuckAt: Pool = 'job';

  constructor(parts: Parts, next: () => number) {
    this.#next = next;
    this.#byPool = new Map(pools.map((pool) => [pool, parts[pool].map(candidate)]));
    this.#rare = new RareWords([...this.#byPool.values()].flat());
  }

  /** Ids in the order of `columns`; null where a pool had no part that fits. */
  person(frame: Frame, mbti: string): string[] | null {
    let life: Life = {};
    const chosen = new Map<Pool, Candidate[]>();
    const keys: string[] = [];
    const words = new Set<string>();
    for (const pool of order) {
      const times = columns.filter((column) => column === pool).length;
      for (let time = 0; time < times; time += 1) {
        const found = this.#best(pool, { frame, mbti, life, chosen, words });
        if (!found) {
          this.stuckAt = pool;
          return null;
        }
        life = settled(life, found);
        keys.push(...pairKeys(pool, found, chosen, mbti));
        chosen.set(pool, [...(chosen.get(pool) ?? []), found]);
        for (const word of this.#rare.of(found)) words.add(word);
      }
    }
    for (const key of keys) this.#taken.add(key);
    for (const found of [...chosen.values()].flat()) this.#uses.set(found, (this.#uses.get(found) ?? 0) + 1);
    const left = new Map([...chosen].map(([pool, found]) => [pool, [...found]]));
    return columns.map((pool) => left.get(pool)?.shift()?.part.id ?? '');
  }

  #best(
    pool: Pool,
    person: {
      readonly frame: Frame;
      readonly mbti: string;
      readonly life: Life;
      readonly chosen: ReadonlyMap<Pool, readonly Candidate[]>;
      readonly words: ReadonlySet<string>;
    },
  ): Candidate | null {
    const { frame, mbti, life, chosen, words } = person;
    const themes = pool === 'worry' ? new Set(chosen.get('growth')?.flatMap(({ part }) => part.tags)) : null;
    let best: Candidate | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const each of this.#byPool.get(pool) ?? []) {
      const { part } = each;
      if (typedPools.has(pool) && part.type !== mbti) continue;
      if (!fits(each, frame, life) || chosen.get(pool)?.includes(each)) continue;
      // What they have come through is not what weighs on them now.
      if (themes && part.tags.some((tag) => themes.has(tag))) continue;
      if (pairKeys(pool, each, chosen, mbti).some((key) => this.#taken.has(key))) continue;
      const shared = this.#rare.of(each).filter((word) => words.has(word)).length;
      const cost = (this.#uses.get(each) ?? 0) + 2 * shared + this.#next() * 3;
      if (cost < least) [best, least] = [each, cost];
    }
    return best;
  }
}

/** The pairs that a part makes with those that are chosen. */
function pairKeys(
  pool: Pool,
  { part }: Candidate,
  chosen: ReadonlyMap<Pool, readonly Candidate[]>,
  mbti: string,
): string[] {
  return pairs.flatMap(([first, second]) => {
    if (pool !== first && pool !== second) return [];
    const other = pool === first ? second : first;
    const scope = typedPools.has(pool) ? mbti : '';
    return (chosen.get(other) ?? []).map((there) => {
      const [a, b] = [`${pool} ${part.id}`, `${other} ${there.part.id}`].sort();
      return `${scope}|${a}|${b}`;
    });
  });
}

/** Words so rare among the parts that two parts of one person with the same one look like a slip. */
class RareWords {
  readonly #words = new Map<Candidate, string[]>();

  constructor(candidates: readonly Candidate[]) {
    const counts = new Map<string, number>();
    const each = candidates.map(({ part }) => [
      ...new Set(part.text.toLowerCase().match(/\p{L}{5,}/gu) ?? []),
    ]);
    for (const words of each) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [index, found] of candidates.entries())
      this.#words.set(
        found,
        (each[index] ?? []).filter((word) => (counts.get(word) ?? 0) <= mostForRare),
      );
  }

  of(found: Candidate): readonly string[] {
    return this.#words.get(found) ?? [];
  }
}

const mostForRare = 25;

/** Deals out names: each given name of a region before any comes again, whole names once. */
class Names {
  readonly #left = new Map<string, string[]>();
  readonly #taken: Set<string>;
  readonly #next: () => number;

  constructor(regions: readonly Region[], taken: readonly string[], next: () => number) {
    this.#next = next;
    this.#taken = new Set(taken.map(idFrom));
    for (const region of regions) this.#left.set(region.id, []);
  }

  next(region: Region, gender: 'f' | 'm'): Pick<Choice, 'given' | 'surname' | 'town'> {
    const given = (): string =>
      this.#deal(`${region.id} ${gender}`, gender === 'f' ? region.female : region.male);
    const surname = (): string => this.#deal(`${region.id} surname`, region.surnames);
    for (;;) {
      const name = { given: given(), surname: surname() };
      const id = idFrom(nameOf({ ...name, place: region }));
      if (this.#taken.has(id) || name.given === name.surname) continue;
      this.#taken.add(id);
      return { ...name, town: this.#deal(`${region.id} town`, region.towns) };
    }
  }

  #deal(key: string, all: readonly string[]): string {
    let left = this.#left.get(key);
    if (!left || left.length === 0) {
      left = shuffled(all, this.#next);
      this.#left.set(key, left);
    }
    return left.pop() ?? '';
  }
}
