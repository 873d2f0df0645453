import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestPace } from '../../../../adapters/discord/api.js';
import { FakeClock } from '../../../doubles/fake-clock.js';

describe('the pace of requests', () => {
  it('lets no second have more than is granted, and loses none, however they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: 60 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 150 }),
        async (perSecond, pauses) => {
          const clock = new FakeClock();
          const pace = new RequestPace(clock, perSecond);
          const wentAt: number[] = [];
          for (const pause of pauses) {
            if (pause > 300) await clock.advance(pause);
            void pace.turn().then(() => wentAt.push(clock.elapsed()));
          }
          await clock.advance(20_000);
          expect(wentAt).toHaveLength(pauses.length);
          for (const [index, at] of wentAt.entries()) {
            const before = wentAt[index - perSecond];
            if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(999);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps the order in which they came', async () => {
    const clock = new FakeClock();
    const pace = new RequestPace(clock, 10);
    const went: number[] = [];
    for (let index = 0; index < 30; index += 1) void pace.turn().then(() => went.push(index));
    await clock.advance(5_000);
    expect(went).toEqual([...went].sort((a, b) => a - b));
    expect(went).toHaveLength(30);
  });

  it('forgets who gave up waiting', async () => {
    const clock = new FakeClock();
    const pace = new RequestPace(clock, 10);
    const leaving = new AbortController();
    for (let index = 0; index < 5; index += 1) void pace.turn();
    const left = pace.turn(leaving.signal);
    const refused = expect(left).rejects.toThrow('gone');
    leaving.abort(new Error('gone'));
    await refused;
    await clock.advance(2_000);
    expect(pace.grant('a')).toBe(true);
  });

  it('keeps a part of what is granted for what cannot wait', async () => {
    const clock = new FakeClock();
    const pace = new RequestPace(clock, 50);
    const granted = Array.from({ length: 100 }, (_, index) => pace.grant(`${index}`)).filter(Boolean);
    expect(granted).toHaveLength(36);
  });

  it('shares what growing text may have among all alike', async () => {
    const clock = new FakeClock();
    const pace = new RequestPace(clock, 50);
    const conversations = Array.from({ length: 108 }, (_, index) => `${index}`);
    const grants = new Map(conversations.map((one) => [one, 0]));
    for (let second = 0; second < 20; second += 1)
      for (const one of conversations) {
        await clock.advance(1_000 / conversations.length);
        if (!pace.grant(one)) continue;
        grants.set(one, (grants.get(one) ?? 0) + 1);
        void pace.turn();
      }
    const counts = [...grants.values()];
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('does not hold room for who has ended', async () => {
    const clock = new FakeClock();
    const pace = new RequestPace(clock, 50);
    for (let index = 0; index < 36; index += 1) {
      pace.grant(`${index}`);
      void pace.turn();
    }
    await clock.advance(2_000);
    expect(pace.grant('another')).toBe(true);
  });
});
