import { expect, test } from 'vitest';
import { plainPaint, ReplyPrinter } from '../../../adapters/terminal/reply-printer.js';
import { wrapped } from '../../../adapters/terminal/word-wrap.js';

test('F.2: no line breaks in mid-word, however the pieces come', () => {
  let screen = '';
  const printer = new ReplyPrinter(
    (text) => {
      screen += text;
    },
    plainPaint,
    () => 20,
  );
  const whole = 'The quick brown fox jumps over a very lazy dog.';
  for (let end = 1; end <= whole.length; end += 3)
    printer.show('m', { text: whole.slice(0, end), kind: 'reply', speaker: { name: 'Rin' } });
  printer.show('m', { text: whole, kind: 'reply', speaker: { name: 'Rin' } });
  printer.end();
  expect(screen).toBe('Rin: The quick brown\nfox jumps over a\nvery lazy dog.\n');
});

test.each([
  ['a  b\n  indented', 40, 'a  b\n  indented'],
  ['one two', undefined, 'one two'],
  ['abcdefghij klm', 5, 'abcdefghij\nklm'],
  ['日本語日本語', 6, '日本語\n日本語'],
  ['hi 😀 there', 5, 'hi 😀\nthere'],
])('F.2: %j in %s columns', (text, columns, lines) => {
  expect(wrapped(text, columns)).toBe(lines);
});
