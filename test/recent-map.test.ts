import { describe, expect, it } from 'vitest';
import { RecentMap } from '../src/recent-map.js';
import { FakeClock } from './doubles/fake-clock.js';

describe('RecentMap', () => {
  it('forgets what was used longest ago', () => {
    const cache = new RecentMap<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('goes by age and by number', async () => {
    const clock = new FakeClock();
    const recent = new RecentMap<string, number>(2, { ms: 100, clock });
    recent.set('a', 1);
    recent.set('b', 2);
    expect(recent.get('a')).toBe(1);
    recent.set('c', 3);
    expect(recent.get('b')).toBeUndefined();
    expect(recent.get('a')).toBe(1);
    await clock.advance(100);
    expect(recent.get('a')).toBeUndefined();
  });
});
