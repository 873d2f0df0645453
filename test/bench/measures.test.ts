import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measure, perSecond, prefixed } from '../../bench/crowd/measures.js';
import { messageOf, numberIn, replyTo, spokenMs } from '../../bench/crowd/numbered-reply.js';
import { arrivals, seededRandom, type Talk } from '../../bench/crowd/talk.js';
import { busiestSecond, quantile } from '../../bench/figures.js';

const talk: Talk = {
  saidAt: 0,
  ackedAt: 5,
  signAt: 20,
  postedAt: 730,
  placeholder: true,
  shownAt: [1_800, 2_800, 4_600],
  wholeAt: 4_600,
  intervalMs: 1_000,
  messages: 1,
};
const options = { placeholderAfterMs: 700, spokenMs: 4_000 };

describe('what people saw', () => {
  it('is told from the moment they wrote', () => {
    const later = { ...talk, saidAt: 100, signAt: 160, postedAt: 840 };
    expect(measure([talk, later], options)).toMatchObject({
      conversations: 2,
      mostAtOnce: 2,
      eventToSignP50Ms: 60,
      eventToPlaceholderP95Ms: 740,
      placeholderDelayP95Ms: 40,
      wholeDelayP50Ms: 600,
    });
  });

  it('counts an edit as late that took more than one and a half intervals', () => {
    expect(measure([talk], options)).toMatchObject({ edits: 2, editGapMax: 1.8, lateEdits: 1 });
    const slower = { ...talk, intervalMs: 2_000 };
    expect(measure([slower], options)).toMatchObject({ edits: 2, editGapMax: 0.9, lateEdits: 0 });
  });

  it('counts what was lost and what was said twice', () => {
    const lost: Talk = { ...talk, wholeAt: null, messages: 0 };
    const twice: Talk = { ...talk, messages: 2 };
    expect(measure([talk, lost, twice], options)).toMatchObject({ wholeReplies: 2, lost: 1, duplicated: 1 });
  });

  it('has no figures for what did not happen', () => {
    const silent: Talk = {
      ...talk,
      signAt: null,
      postedAt: null,
      placeholder: false,
      shownAt: [],
      wholeAt: null,
    };
    expect(measure([silent], options)).toMatchObject({
      eventToSignP95Ms: null,
      placeholders: 0,
      eventToPlaceholderP95Ms: null,
      editGapP99: null,
      lost: 1,
    });
    expect(measure([talk], { ...options, placeholderAfterMs: null })).not.toHaveProperty('placeholders');
  });

  it('knows how many waited at the same time', () => {
    const others = [0, 5_000, 5_500].map((saidAt) => ({ ...talk, saidAt, wholeAt: saidAt + 1_000 }));
    expect(measure(others, options).mostAtOnce).toBe(2);
  });
});

describe('figures', () => {
  it('find the busiest second wherever it begins', () => {
    expect(busiestSecond([0, 900, 950, 1_000, 1_890, 3_000])).toBe(4);
    expect(busiestSecond([])).toBe(0);
  });

  it('know what a second had on average', () => {
    expect(perSecond([0, 500, 1_000, 2_000])).toBe(1.5);
    expect(perSecond([7])).toBe(0);
  });

  it('are quantiles of what was measured', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_999 }), { minLength: 1 }), (values) => {
        expect(quantile(values, 1)).toBe(Math.max(...values));
        expect(quantile(values, 0)).toBe(Math.min(...values));
        expect(values).toContain(quantile(values, 0.95));
      }),
    );
  });

  it('are named after their run', () => {
    expect(prefixed('limited', { lost: 0 })).toEqual({ limitedLost: 0 });
  });
});

describe('a crowd', () => {
  it('comes at the same moments in every run, all within the time it has', () => {
    const at = arrivals(200, 5_000, seededRandom(1));
    expect(at).toEqual(arrivals(200, 5_000, seededRandom(1)));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThanOrEqual(0);
    expect(at.at(-1)).toBeLessThan(5_000);
    // Everywhere about as many: 40 a second, give or take four standard deviations.
    for (let second = 0; second < 5; second += 1) {
      const here = at.filter((moment) => Math.floor(moment / 1_000) === second).length;
      expect(Math.abs(here - 40)).toBeLessThan(23);
    }
  });

  it('is answered by number', () => {
    expect(numberIn(`${messageOf(17)}\n${messageOf(171)}`)).toBe(171);
    expect(numberIn('Are you there?')).toBeNull();
    const reply = replyTo(171, { words: 120 });
    expect(reply.split(' ')).toHaveLength(120);
    expect(reply).not.toContain(replyTo(17, { words: 120 }));
    expect(spokenMs({ words: 120, ttftMs: 1_500, tokenMs: 50 })).toBe(7_450);
  });
});
