import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptFormatNames, promptFormats } from '../../src/prompting/prompt-formats.js';
import { TextCleaner } from '../../src/prompting/stream-cleaner.js';
import { clean, inputOf, seeker } from './fixture.js';

const pieces = fc.constantFrom(
  ...[
    'Ilka',
    ' (',
    'speaking',
    'thinking',
    '):',
    ': ',
    'Ana',
    '\n',
    ' ',
    '<',
    '|',
    'eot',
    '|>',
    '<SEE',
    'KER>',
    '</s',
    '>',
    '[INFO-',
    ']',
  ],
  ...[
    '<|NONSTOP|>',
    '<think>',
    '</think>',
    '<turn-notes>',
    '</turn-notes>',
    'I am here.',
    '🙂',
    '**',
    '<|endoftext|>',
    'User:',
    '(speaking)',
    'x',
  ],
);
const reply = fc
  .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 14 })
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(200), { maxLength: 12 });

function cutAt(text: string, places: readonly number[]): string[] {
  const sorted = [...new Set(places.filter((place) => place <= text.length))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, index) => text.slice(from, sorted[index] ?? text.length));
}

describe('reply cleaning', () => {
  it.each(promptFormatNames)('gives the same text and action for any chunking (%s)', (name) => {
    const input = inputOf({ turns: [seeker('hi', { name: 'Ana' })] });
    fc.assert(
      fc.property(reply, cuts, (text, places) => {
        const whole = promptFormats[name].cleaner(input);
        const cut = promptFormats[name].cleaner(input);
        const signs = promptFormats[name].cleaner(input);
        const expected = clean(whole, [text]);
        expect(clean(cut, cutAt(text, places))).toBe(expected);
        expect(clean(signs, text.split(''))).toBe(expected);
        expect([cut.action, cut.ended]).toEqual([whole.action, whole.ended]);
      }),
      { numRuns: 400 },
    );
  });

  it('a tag that another one parts is none the less one (D.6, row 20)', () => {
    const shown = (text: string): string => {
      const whole = clean(promptFormats.characterchat.cleaner(inputOf()), [text]);
      expect(clean(promptFormats.characterchat.cleaner(inputOf()), text.split(''))).toBe(whole);
      return whole;
    };
    expect(shown('I hear you <SEE<|NONSTOP|>KER> and more')).toBe('I hear you');
    expect(shown('1 < 2 <<|NONSTOP|>3')).toBe('1 < 2 <3');
  });

  it('never shows a stop string, a control tag or blanks at the ends', () => {
    fc.assert(
      fc.property(reply, (text) => {
        const shown = clean(promptFormats.characterchat.cleaner(inputOf()), text.split(''));
        expect(shown).toBe(shown.trim());
        expect(shown).not.toMatch(/<SEEKER>|\[INFO-|<\/s>|<\|eot\|>|<\|NONSTOP\|>/);
      }),
      { numRuns: 400 },
    );
  });

  it('leaves plain text alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abc ,.!?\n—é🙂'), maxLength: 80 }), (text) => {
        expect(clean(new TextCleaner({ stops: ['<END>'] }), text.split(''))).toBe(text.trim());
      }),
    );
  });

  it('withholds no more than may still become a tag', () => {
    const cleaner = new TextCleaner({ stops: ['<END>'], prefixes: ['Ilka:'] });
    const steps = ['I', 'l', 'l be', ' back <', 'EN', 'D of', ' <END', '> gone'].map((delta) =>
      cleaner.push(delta),
    );
    expect(steps).toEqual(['', '', 'Ill be', ' back', '', ' <END of', '', '']);
    expect([cleaner.ended, cleaner.push('more'), cleaner.finish()]).toEqual([true, '', '']);
  });

  it('never splits a surrogate pair', () => {
    const cleaner = new TextCleaner({ stops: [] });
    expect([cleaner.push('a\uD83D'), cleaner.push('\uDE42b')]).toEqual(['a', '🙂b']);
  });
});
