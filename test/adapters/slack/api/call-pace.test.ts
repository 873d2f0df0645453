import { describe, expect, it } from 'vitest';
import { CallPace } from '../../../../adapters/slack/api/call-pace.js';
import { FakeClock } from '../../../doubles/fake-clock.js';

describe('the pace of a workspace', () => {
  it('allows a share of a minute, by workspace and method', async () => {
    const clock = new FakeClock();
    const pace = new CallPace(clock);
    for (let n = 0; n < 15; n += 1) {
      expect(pace.allows('chat.startStream', 'T1')).toBe(true);
      pace.count('chat.startStream', 'T1');
      await clock.advance(1_000);
    }
    expect(pace.allows('chat.startStream', 'T1')).toBe(false);
    expect(pace.allows('chat.startStream', 'T2')).toBe(true);
    expect(pace.allows('chat.update', 'T1')).toBe(true);
    await clock.advance(44_999);
    expect(pace.allows('chat.startStream', 'T1')).toBe(false);
    await clock.advance(1);
    expect(pace.allows('chat.startStream', 'T1')).toBe(true);
  });

  it('gives those who ask at once no more than there is', () => {
    const pace = new CallPace(new FakeClock());
    const taken = Array.from({ length: 40 }, () => pace.take('chat.update', 'T1')).filter(Boolean);
    expect(taken).toHaveLength(25);
    expect(pace.take('chat.update', 'T2')).toBe(true);
  });
});
