import { mean } from '../metrics.js';

/** Values by name of the cases at some places; null where a figure is not defined on them. */
export type Measures = Readonly<Record<string, number | null>>;

export interface ResamplingOptions {
  /** Default 1,000. */
  readonly rounds?: number;
  /** The same seed gives the same figures (default 1). */
  readonly seed?: number;
  /**
   * Names of measures that fall when a case is drawn twice (distinct n-grams): the spread of their draws is laid around the value itself,
   * for the draws' own middle is too low.
   */
  readonly centred?: readonly string[];
}

export type Interval = readonly [low: number, high: number];

/** What two systems differ by on the same cases. */
export interface PairedTest {
  /** The first system's value less the second's. */
  readonly difference: number;
  /** Of the difference: 95 %, by the bootstrap over cases. */
  readonly interval: Interval;
  /** How often a difference as large arises when each case's answers are swapped at random, in (0, 1]. */
  readonly p: number;
}

const defaultRounds = 1000;

/**
 * 95 % confidence intervals by the percentile bootstrap (Efron 1979; for corpora Koehn 2004): the cases are drawn again with replacement.
 * @param measures of any drawn places in [0, n); names whose value is null are left out.
 */
export function bootstrapIntervals(
  n: number,
  measures: (places: readonly number[]) => Measures,
  { rounds = defaultRounds, seed = 1, centred = [] }: ResamplingOptions = {},
): Record<string, Interval> {
  const random = seeded(seed);
  const observed = measures(Array.from({ length: n }, (_, index) => index));
  const drawn = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    const places = Array.from({ length: n }, () => Math.floor(random() * n));
    for (const [name, value] of Object.entries(measures(places)))
      if (value !== null) keep(drawn, name, value);
  }
  return Object.fromEntries(
    [...drawn].map(([name, values]) => [
      name,
      middle95(values, centred.includes(name) ? observed[name] : null),
    ]),
  );
}

/**
 * Compares two systems on the same n cases by approximate randomisation (Noreen 1989; Riezler & Maxwell 2005), two-sided, with the
 * bootstrap interval of the difference.
 * @param measures of places in [0, 2n): place i is the first system's answer to case i, n + i the second's.
 */
export function pairedTests(
  n: number,
  measures: (places: readonly number[]) => Measures,
  { rounds = defaultRounds, seed = 1, centred = [] }: ResamplingOptions = {},
): Record<string, PairedTest> {
  const random = seeded(seed);
  const all = Array.from({ length: n }, (_, index) => index);
  const differences = (first: readonly number[], second: readonly number[]): Record<string, number> => {
    const [a, b] = [measures(first), measures(second)];
    return Object.fromEntries(
      Object.entries(a).flatMap(([name, value]) => {
        const other = b[name];
        return value === null || other === null || other === undefined
          ? []
          : [[name, value - other] as const];
      }),
    );
  };
  const observed = differences(
    all,
    all.map((place) => n + place),
  );
  const asLarge = new Map<string, number>();
  const drawn = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    const swapped = all.map((place) => (random() < 0.5 ? place : n + place));
    const mixed = differences(
      swapped,
      swapped.map((place) => (place < n ? place + n : place - n)),
    );
    // (sums of the same numbers in another order differ in the last digits)
    for (const [name, value] of Object.entries(mixed))
      if (Math.abs(value) >= Math.abs(observed[name] ?? 0) - 1e-12)
        asLarge.set(name, (asLarge.get(name) ?? 0) + 1);
    const places = all.map(() => Math.floor(random() * n));
    const again = differences(
      places,
      places.map((place) => n + place),
    );
    for (const [name, value] of Object.entries(again)) keep(drawn, name, value);
  }
  return Object.fromEntries(
    Object.entries(observed).map(([name, difference]) => [
      name,
      {
        difference,
        interval: middle95(drawn.get(name) ?? [difference], centred.includes(name) ? difference : null),
        p: (1 + (asLarge.get(name) ?? 0)) / (1 + rounds),
      },
    ]),
  );
}

function keep(known: Map<string, number[]>, name: string, value: number): void {
  const values = known.get(name);
  if (values) values.push(value);
  else known.set(name, [value]);
}

/** @param centre where the middle of the values is moved to; null where it stays. */
function middle95(values: readonly number[], centre: number | null = null): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const moved = centre === null ? 0 : centre - mean(values);
  return [quantile(sorted, 0.025) + moved, quantile(sorted, 0.975) + moved];
}

/** Between two values it is interpolated. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  return low + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? low) - low);
}

/** Numbers in [0, 1) that look random and repeat for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
