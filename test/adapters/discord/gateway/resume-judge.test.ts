import { describe, expect, it } from 'vitest';
import { ResumeJudge } from '../../../../adapters/discord/gateway/resume-judge.js';
import { FakeClock } from '../../../doubles/fake-clock.js';

describe('ResumeJudge', () => {
  it('gives a session up after three connections in a row that could not resume it', () => {
    const judge = new ResumeJudge(new FakeClock());
    const attempt = (): boolean => {
      judge.connecting();
      judge.greeted();
      return judge.closed(4000);
    };
    expect([attempt(), attempt(), attempt()]).toEqual([false, false, true]);
  });

  it('begins to count again after a success, and does not count the loss of a connection that was let in', () => {
    const judge = new ResumeJudge(new FakeClock());
    for (let n = 0; n < 10; n += 1) {
      judge.connecting();
      judge.greeted();
      judge.ready();
      expect(judge.closed(1006)).toBe(false);
    }
  });

  it('counts refusals of RESUME on one connection', () => {
    const judge = new ResumeJudge(new FakeClock());
    judge.connecting();
    judge.greeted();
    expect([judge.refused(), judge.refused(), judge.refused()]).toEqual([false, false, true]);
  });

  it('keeps the session for minutes while no connection can be made', async () => {
    const clock = new FakeClock();
    const judge = new ResumeJudge(clock);
    const outage = (): boolean => {
      judge.connecting();
      judge.networkFailed();
      judge.closed(1006);
      return judge.keepsAfterDrop();
    };
    expect(outage()).toBe(true);
    await clock.advance(120_000);
    expect(outage()).toBe(true);
    await clock.advance(120_000);
    expect(outage()).toBe(false);
  });

  it('keeps it where a connection was made but nobody said HELLO', () => {
    const judge = new ResumeJudge(new FakeClock());
    judge.connecting();
    expect(judge.keepsAfterDrop()).toBe(true);
  });

  it('lets it go where the gateway itself refuses it', () => {
    const judge = new ResumeJudge(new FakeClock());
    judge.connecting();
    judge.greeted();
    expect(judge.keepsAfterDrop()).toBe(false);
    judge.connecting();
    judge.greeted();
    judge.closed(4007);
    expect(judge.keepsAfterDrop()).toBe(false);
  });
});
