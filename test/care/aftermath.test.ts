import { describe, expect, it } from 'vitest';
import {
  afterAlarm,
  afterReply,
  calmMs,
  calmTurns,
  isAftermath,
  mayOffer,
} from '../../src/care/aftermath.js';
import type { SessionState } from '../../src/state/session.js';

const alarm = (at = 0): NonNullable<SessionState['care']> =>
  afterAlarm(undefined, { grade: 'ideation', kind: 'suicide' }, at);
const hour = 3_600_000;

/** The state after so many replies to calm messages, one a minute. */
function calm(care: SessionState['care'], turns: number, from = 0): SessionState['care'] {
  let state = care;
  for (let turn = 1; turn <= turns; turn += 1) state = afterReply(state, null, from + turn * 60_000);
  return state;
}

describe('what an alarm leaves behind', () => {
  it('holds from the next turn on, and for nobody who was never in danger', () => {
    expect(isAftermath(alarm(), 1)).toBe(true);
    expect(isAftermath(undefined, 1)).toBe(false);
    expect(isAftermath(afterReply(undefined, 'suicide', 0), 1)).toBe(false);
  });

  it('eases after calm turns and time, not by one of them alone', () => {
    expect(isAftermath(calm(alarm(), calmTurns), calmMs - 1)).toBe(true);
    expect(isAftermath(calm(alarm(), calmTurns), calmMs)).toBe(false);
    expect(isAftermath(calm(alarm(), calmTurns - 1), 23 * hour)).toBe(true);
    expect(isAftermath(alarm(), 24 * hour)).toBe(false);
  });

  it('begins anew where somebody is low again, and with a further alarm', () => {
    const low = afterReply(calm(alarm(), calmTurns - 1), 'suicide', 2 * hour);
    expect(low).toMatchObject({ grade: 'ideation', turns: 0, at: 2 * hour, answers: 1 });
    expect(isAftermath(calm(low, calmTurns - 1, 2 * hour), 4 * hour)).toBe(true);
    expect(isAftermath(calm(low, calmTurns, 2 * hour), 4 * hour)).toBe(false);
    const again = afterAlarm(calm(alarm(), 3), { grade: 'plan', kind: 'suicide' }, hour);
    expect(again).toMatchObject({ grade: 'plan', turns: 0, answers: 2 });
  });

  it('is told from distress that comes once it has eased', () => {
    const eased = calm(alarm(), calmTurns);
    const low = afterReply(eased, 'self-harm', 5 * hour);
    expect(low).toMatchObject({ grade: 'distress', kind: 'self-harm', turns: 0, answers: 1 });
    expect(isAftermath(low, 5 * hour + 1)).toBe(false);
  });
});

describe('an offer of help', () => {
  it('is due once in a week, and not where helplines were shown', () => {
    expect(mayOffer(undefined, 0)).toBe(true);
    const low = afterReply(undefined, 'suicide', 0);
    expect(mayOffer(low, hour)).toBe(true);
    expect(mayOffer(low && { ...low, shownAt: 0 }, 24 * hour)).toBe(false);
    expect(mayOffer(low && { ...low, shownAt: 0 }, 7 * 24 * hour)).toBe(true);
    expect(mayOffer(alarm(), 24 * hour)).toBe(false);
  });
});
