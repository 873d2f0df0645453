import { describe, expect, it } from 'vitest';
import { isFitToSay } from '../../../src/care/said/whole-text.js';
import { read, v3 } from '../../characters/cards/make.js';

const long = 'The bees are calm today. '.repeat(400);

describe('a greeting is judged to its end', () => {
  it('or is not said', () => {
    expect(isFitToSay(long.slice(0, 7_900), false)).toBe(true);
    expect(isFitToSay(long, false)).toBe(false);
  });

  it('one of a card is cut at a sentence, and that is told', async () => {
    const file = v3({ first_mes: long, alternate_greetings: [long] });
    const { character, warnings } = await read(Buffer.from(JSON.stringify(file)));
    for (const greeting of [character.greeting, ...(character.card?.greetings ?? [])]) {
      expect(greeting).toMatch(/ today\.$/);
      expect(isFitToSay(greeting, false)).toBe(true);
    }
    expect(warnings.join()).toMatch(/first_mes is longer than 6000.*alternate_greetings is longer than 6000/);
  });
});
