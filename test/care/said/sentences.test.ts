import { expect, it } from 'vitest';
import { endedSentences } from '../../../src/care/said/sentences.js';

it.each([
  ['One. Two', ['One. '], 'Two'],
  ['One! "Two?" Three', ['One! ', '"Two?" '], 'Three'],
  ['Dr. Who is here. Yes', ['Dr. Who is here. '], 'Yes'],
  ['About 3.5 km', [], 'About 3.5 km'],
  ['One.', [], 'One.'],
  ['a line\nand another', ['a line\n'], 'and another'],
  ['一。二！三', ['一。', '二！'], '三'],
  ['', [], ''],
])('%j', (text, ended, rest) => expect(endedSentences(text)).toEqual({ ended, rest }));

it('a sentence without an end is cut at a word, and nothing is lost', () => {
  const text = 'word '.repeat(300);
  const { ended, rest } = endedSentences(text);
  expect(ended.length).toBeGreaterThan(2);
  expect([...ended, rest].join('')).toBe(text);
  for (const sentence of ended) expect(sentence).toMatch(/ $/);
});
