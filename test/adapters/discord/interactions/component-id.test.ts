import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ComponentAction,
  carriedWords,
  componentId,
  customIdUnits,
  readComponentId,
  sessionCode,
  sessionCodePattern,
  sessionOfCode,
  wordsUnits,
} from '../../../../adapters/discord/interactions/component-id.js';
import { sessionId } from '../../../../src/ids.js';

const base36 = '0123456789abcdefghijklmnopqrstuvwxyz'.split('');
const snowflake = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const session = fc.oneof(
  snowflake.map((id) => `d${id}`),
  snowflake.map((id) => `t${id}`),
  fc.tuple(snowflake, snowflake).map(([a, b]) => `u${a}.${b}`),
  fc.tuple(snowflake, snowflake).map(([a, b]) => `c${a}.${b}`),
);
const turn = fc.nat(999_999_999).map(String);
const nonce = fc.string({ unit: fc.constantFrom(...base36), minLength: 1, maxLength: 25 });
const character = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,63}$/);
const page = fc.nat(999_999).map(String);
const words = fc.string({ unit: 'grapheme', maxLength: 80 }).map(carriedWords);

const action: fc.Arbitrary<ComponentAction> = fc.oneof(
  fc.record({
    do: fc.constantFrom('stop' as const, 'sent' as const, 'regenerate' as const),
    session,
    turn,
    nonce,
  }),
  fc.record({
    do: fc.constant('feedback' as const),
    session,
    turn,
    value: fc.constantFrom('up' as const, 'down' as const, 'none' as const),
    nonce,
  }),
  fc.record({
    do: fc.constant('offer' as const),
    session,
    answer: fc.constantFrom('take' as const, 'decline' as const),
    mark: fc.string({ unit: fc.constantFrom(...base36), minLength: 6, maxLength: 6 }),
  }),
  fc.record({ do: fc.constantFrom('write' as const, 'written' as const, 'reset' as const), session }),
  fc.record({
    do: fc.constant('open' as const),
    character,
    where: fc.constantFrom('here' as const, 'dm' as const),
  }),
  fc.record({ do: fc.constantFrom('gallery' as const, 'browse' as const), page, words }),
  fc.record({ do: fc.constantFrom('erase' as const, 'cancel' as const, 'match' as const) }),
);

describe('custom ids', () => {
  it('come back as they were and fit, whatever they carry', () => {
    fc.assert(
      fc.property(action, (made) => {
        const id = componentId(made);
        expect(id.length).toBeLessThanOrEqual(customIdUnits);
        expect(readComponentId(id)).toEqual(made);
      }),
    );
  });

  it('are told apart: two actions never have the same id', () => {
    fc.assert(
      fc.property(action, action, (one, other) => {
        if (componentId(one) === componentId(other)) expect(one).toEqual(other);
      }),
    );
  });

  it('of nobody of ours are refused, and never throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 120 }),
          fc.string().map((tail) => `1~stop~${tail}`),
        ),
        (id) => {
          const read = readComponentId(id);
          if (read !== null) expect(componentId(read)).toBe(id);
        },
      ),
    );
  });

  it.each([
    ['0~stop~t1~1~a', 'an older version'],
    ['1~jump~t1', 'an unknown verb'],
    ['1~toString', 'a word of the language'],
    ['1~stop~t1~1', 'a field too few'],
    ['1~stop~t1~1~a~b', 'a field too many'],
    ['1~stop~x1~1~a', 'no session'],
    ['1~stop~t1~01~a', 'a turn written otherwise'],
    ['1~feedback~t1~1~sideways~a', 'an unknown value'],
    ['1~open~../etc~here', 'no id of a character'],
    [`1~gallery~0~${'a'.repeat(wordsUnits + 1)}`, 'words too long'],
    ['', 'nothing'],
  ])('refuse %s (%s)', (id) => {
    expect(readComponentId(id)).toBeNull();
  });

  it('cannot be made of what could not be read', () => {
    expect(() => componentId({ do: 'open', character: 'Not An Id', where: 'here' })).toThrow(TypeError);
  });
});

describe('the short form of a session', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(session, (code) => {
        expect(code).toMatch(sessionCodePattern);
        expect(sessionCode(sessionOfCode(code))).toBe(code);
      }),
    );
  });

  it('names the session as the rest of Rapport does', () => {
    expect(sessionOfCode('u7.9')).toBe('discord:user:7:9');
    expect(sessionCode(sessionId('discord:thread:12'))).toBe('t12');
  });

  it.each(['slack:T1:C1', 'discord:dm', 'discord:dm:x', 'discord:user:1', 'discord:toString:1'])(
    'is not made of %s',
    (id) => {
      expect(() => sessionCode(sessionId(id))).toThrow(TypeError);
    },
  );
});
