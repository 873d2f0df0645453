import { describe, expect, it } from 'vitest';
import { rendezvousOrder } from '../../../inference/remote/endpoint-pool.js';

const places = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const keys = Array.from({ length: 2_000 }, (_, index) => `character-${index}`);

describe('rendezvousOrder', () => {
  it('is the same for the same key, whatever the order of the places', () => {
    for (const key of keys.slice(0, 50)) {
      expect(rendezvousOrder(key, [...places].reverse())).toEqual(rendezvousOrder(key, places));
    }
  });

  it('spreads the keys evenly', () => {
    const counts = new Map<string, number>();
    for (const key of keys) {
      const first = rendezvousOrder(key, places)[0]?.id ?? '';
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    for (const { id } of places) expect(counts.get(id)).toBeGreaterThan(430);
  });

  it('moves only the keys of a place that goes away', () => {
    const left = places.filter(({ id }) => id !== 'b');
    for (const key of keys) {
      const before = rendezvousOrder(key, places);
      expect(rendezvousOrder(key, left)).toEqual(before.filter(({ id }) => id !== 'b'));
    }
  });
});
