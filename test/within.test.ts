import { describe, expect, it } from 'vitest';
import { late, within } from '../src/within.js';
import { FakeClock } from './doubles/fake-clock.js';

describe('within', () => {
  it('gives what the work gives in time, and lets the timer go', async () => {
    const clock = new FakeClock();
    expect(await within(clock, 100, Promise.resolve('done'))).toBe('done');
    expect(await within(clock, 100, Promise.resolve(undefined))).toBeUndefined();
    expect(clock.timers).toBe(0);
  });

  it('says that it is late when the time is up', async () => {
    const clock = new FakeClock();
    const waited = within(clock, 100, new Promise(() => undefined));
    await clock.advance(100);
    expect(await waited).toBe(late);
  });

  it('fails as the work fails in time; later failures are nobody’s concern', async () => {
    const clock = new FakeClock();
    await expect(within(clock, 100, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    let fail = (_error: Error): void => undefined;
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const waited = within(clock, 100, work);
    await clock.advance(100);
    fail(new Error('too late to matter'));
    expect(await waited).toBe(late);
  });
});
