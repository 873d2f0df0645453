import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateBucket, RateBuckets } from '../../src/delivery/rate-bucket.js';
import { FakeClock, settled } from '../doubles/fake-clock.js';

/** Takes tokens one after the other and notes when each came. */
function takeMany(bucket: RateBucket, clock: FakeClock, count: number): number[] {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) void bucket.take().then(() => times.push(clock.elapsed()));
  return times;
}

describe('RateBucket', () => {
  it('grants the burst at once and then one token a refill', async () => {
    const clock = new FakeClock();
    const times = takeMany(new RateBucket({ burst: 3, refillMs: 100 }, clock), clock, 6);
    await clock.advance(1000);
    expect(times).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it('serves waiters in the order they came, also when one gives up', async () => {
    const clock = new FakeClock();
    const bucket = new RateBucket({ burst: 1, refillMs: 100 }, clock);
    const order: string[] = [];
    const leaver = new AbortController();
    await bucket.take();
    void bucket.take().then(() => order.push('first'));
    const second = bucket.take(leaver.signal);
    void bucket.take().then(() => order.push('third'));
    leaver.abort(new Error('changed my mind'));
    await expect(second).rejects.toThrow('changed my mind');
    await clock.advance(200);
    expect(order).toEqual(['first', 'third']);
    expect(clock.elapsed()).toBe(200);
  });

  it('refuses a signal that was aborted before', async () => {
    const bucket = new RateBucket({ burst: 1, refillMs: 100 }, new FakeClock());
    await expect(bucket.take(AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
  });

  it('has no timer while nobody waits', async () => {
    const clock = new FakeClock();
    const bucket = new RateBucket({ burst: 1, refillMs: 100 }, clock);
    const leaver = new AbortController();
    await bucket.take();
    expect(clock.timers).toBe(0);
    const waiting = bucket.take(leaver.signal);
    expect(clock.timers).toBe(1);
    leaver.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await settled();
    expect(clock.timers).toBe(0);
    void bucket.take();
    expect(clock.timers).toBe(1);
  });

  it('obeys a pause the platform asked for', async () => {
    const clock = new FakeClock();
    const bucket = new RateBucket({ burst: 5, refillMs: 10 }, clock);
    bucket.pause(700);
    const times = takeMany(bucket, clock, 2);
    await clock.advance(1000);
    expect(times).toEqual([700, 700]);
  });

  it('takes back what was not used', async () => {
    const clock = new FakeClock();
    const bucket = new RateBucket({ burst: 1, refillMs: 1000 }, clock);
    await bucket.take();
    const times = takeMany(bucket, clock, 1);
    bucket.refund();
    await settled();
    expect(times).toEqual([0]);
  });

  it('never lets more through than burst + time / refill, whatever the pattern', async () => {
    const pattern = fc.array(fc.tuple(fc.nat(250), fc.integer({ min: 1, max: 4 })), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(pattern, fc.integer({ min: 1, max: 4 }), async (asks, burst) => {
        const clock = new FakeClock();
        const bucket = new RateBucket({ burst, refillMs: 100 }, clock);
        const times: number[] = [];
        let asked = 0;
        for (const [pause, count] of asks) {
          await clock.advance(pause);
          asked += count;
          for (let n = 0; n < count; n += 1) void bucket.take().then(() => times.push(clock.elapsed()));
        }
        await clock.advance(asked * 100);
        expect(times).toHaveLength(asked);
        times.forEach((from, first) => {
          times.slice(first).forEach((to, n) => {
            expect(n + 1).toBeLessThanOrEqual(burst + Math.floor((to - from) / 100));
          });
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('RateBuckets', () => {
  it('gives posts and edits of one channel the same bucket, and other channels their own', () => {
    const buckets = new RateBuckets(new FakeClock());
    const rate = { burst: 1, refillMs: 100 };
    const here = buckets.of({ platform: 'discord', channel: '1', thread: 'a' }, rate);
    expect(buckets.of({ platform: 'discord', channel: '1', thread: 'b' }, rate)).toBe(here);
    expect(buckets.of({ platform: 'discord', channel: '2' }, rate)).not.toBe(here);
    expect(buckets.of({ platform: 'slack', channel: '1' }, rate)).not.toBe(here);
  });

  it('forgets idle channels and keeps busy ones', async () => {
    const buckets = new RateBuckets(new FakeClock());
    const rate = { burst: 1, refillMs: 100 };
    const busy = buckets.of({ platform: 'discord', channel: 'busy' }, rate);
    await busy.take();
    for (let n = 0; n < 3000; n += 1) buckets.of({ platform: 'discord', channel: `c${n}` }, rate);
    expect(buckets.size).toBeLessThan(1100);
    expect(buckets.of({ platform: 'discord', channel: 'busy' }, rate)).toBe(busy);
  });
});
