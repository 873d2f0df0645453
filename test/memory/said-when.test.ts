import { describe, expect, it } from 'vitest';
import { zoneOfCountry } from '../../src/care/time-zones.js';
import { gapSince, isRelative, longAgo, timeNamed, todayIn } from '../../src/memory/said-when.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A Wednesday. */
const now = Date.UTC(2026, 4, 20, 12);

describe('a sense of time (issue 15, part 7)', () => {
  it.each([
    ['What did we talk about last week?', 7, true],
    ['What did we talk about last week?', 30, false],
    ['what did I say yesterday', 1, true],
    ['what did I say yesterday', 5, false],
    ['three weeks ago I told you something', 21, true],
    ['three weeks ago I told you something', 3, false],
    ['what did I tell you on Monday?', 2, true],
    ['what did I tell you on Monday?', 5, false],
    ['Worüber haben wir letzte Woche geredet?', 7, true],
    ['先週何を話した？', 7, true],
  ])('finds the time in "%s": %d days ago is %s', (text, days, within) => {
    const period = timeNamed(text, now);
    const at = now - days * dayMs;
    expect(period !== null && at >= period.from && at <= period.to).toBe(within);
  });

  it('finds none where none is named', () => {
    expect(timeNamed('I went to the lake', now)).toBeNull();
  });

  it('says how long ago something was', () => {
    const ago = [5 / 60, 3, 24, 24 * 9, 24 * 21, 24 * 100, 24 * 900].map((h) =>
      longAgo(now - h * hourMs, now),
    );
    expect(ago).toEqual([
      ...['5 minutes ago', '3 hours ago', '1 day ago', '9 days ago', '3 weeks ago', '3 months ago'],
      '2 years ago',
    ]);
    expect(longAgo(now - 21 * dayMs, now, 'de')).toBe('vor 3 Wochen');
  });

  it('says what day and time it is where the person is, as far as that is known', () => {
    expect(todayIn(now, 'Asia/Tokyo')).toBe('Wednesday, 20 May 2026, 21:00 where the person is');
    expect(todayIn(Date.UTC(2026, 4, 20, 22), 'Asia/Tokyo')).toContain('Thursday, 21 May 2026, 07:00');
    expect(todayIn(now, undefined)).toBe('Wednesday, 20 May 2026 (UTC)');
    expect(zoneOfCountry('JP', now)).toBe('Asia/Tokyo');
    expect(zoneOfCountry('US', now)).toBeUndefined();
    expect(zoneOfCountry(undefined, now)).toBeUndefined();
  });

  it('tells a gap of some hours only', () => {
    expect(gapSince(now - 2 * hourMs, now)).toBeUndefined();
    expect(gapSince(undefined, now)).toBeUndefined();
    expect(gapSince(now - 3 * dayMs, now)).toBe('3 days ago');
  });

  it.each([
    ['I have an exam tomorrow.', true],
    ['My mother visits next week', true],
    ['I got married two years ago', true],
    ['Morgen habe ich eine Prüfung', true],
    ['明日試験がある', true],
    ['I have two cats', false],
    ['My hobby is sailing on Sundays', false],
  ])('knows that "%s" depends on its day: %s', (text, relative) => {
    expect(isRelative(text)).toBe(relative);
  });
});
