import type { Random } from '../../src/clock.js';

/** A reproducible source of randomness (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  let ids = 0;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
    id: () => {
      ids += 1;
      return `id-${seed}-${ids}`;
    },
  };
}
