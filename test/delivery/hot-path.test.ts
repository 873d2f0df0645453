import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { deliver } from '../../src/delivery/deliver.js';
import { RateBuckets } from '../../src/delivery/rate-bucket.js';
import { MessageSplitter } from '../../src/delivery/split.js';
import { PlatformDouble } from '../doubles/platform-double.js';
import { Setting } from './setting.js';

describe('the hot path', () => {
  it('posts the first delta well under a millisecond after it came', async () => {
    const setting = new Setting();
    const added: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      let cameAt = 0;
      const text = async function* (): AsyncGenerator<string> {
        cameAt = systemClock.elapsed();
        yield 'Hello';
      };
      const adapter = new PlatformDouble(systemClock, { capabilities: { minEditIntervalMs: 0 } });
      adapter.gate = async (verb, after) => {
        if (verb === 'post' && !after) added.push(systemClock.elapsed() - cameAt);
      };
      const own = { adapter, text: text(), clock: systemClock, buckets: new RateBuckets(systemClock) };
      await deliver(setting.options([], own));
    }
    added.sort((a, b) => a - b);
    expect(added).toHaveLength(200);
    expect(added[100]).toBeLessThan(1);
  });

  it('splits in time that grows with the text, not with its square', () => {
    const cost = (units: number): number => {
      const splitter = new MessageSplitter({ maxChars: 2000, fences: true });
      const from = process.cpuUsage();
      for (let n = 0; n < units / 6; n += 1) splitter.push(n % 40 === 0 ? 'line.\n' : 'word, ');
      splitter.finish();
      const { user, system } = process.cpuUsage(from);
      expect(splitter.closed.length).toBeGreaterThanOrEqual(units / 2000);
      return user + system;
    };
    cost(100_000);
    const small = cost(200_000);
    expect(cost(1_600_000)).toBeLessThan(Math.max(small, 5000) * 8 * 3);
  });

  it('holds no timer for 500 replies whose models are silent', async () => {
    const setting = new Setting({ capabilities: { rate: { burst: 1000, refillMs: 1 } } });
    const stops = Array.from({ length: 500 }, () => new AbortController());
    const silent = async function* (): AsyncGenerator<string> {
      yield 'Well';
      await new Promise<never>(() => undefined);
    };
    const replies = stops.map(({ signal }, n) => {
      const turnId = `s${n}#1` as typeof setting.context.turnId;
      return deliver(setting.options([], { text: silent(), signal, turnId }));
    });
    await setting.clock.advance(5000);
    expect(setting.platform.messages).toHaveLength(500);
    expect(setting.clock.timers).toBe(0);
    for (const stop of stops) stop.abort();
    const results = await setting.clock.until(Promise.all(replies));
    expect(results.every((result) => result.status === 'stopped')).toBe(true);
  });
});
