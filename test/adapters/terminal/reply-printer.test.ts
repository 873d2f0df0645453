import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ansiPaint, paintFor, plainPaint, ReplyPrinter } from '../../../adapters/terminal/reply-printer.js';

const speaker = { name: 'Maren' };

function printer(paint = plainPaint): { readonly printer: ReplyPrinter; readonly screen: () => string } {
  let text = '';
  const write = (part: string): void => {
    text += part;
  };
  return { printer: new ReplyPrinter(write, paint), screen: () => text };
}

test('a reply grows behind its speaker, whatever the steps', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), fc.array(fc.nat(40)), (whole, cuts) => {
      const { printer: growing, screen } = printer();
      for (const cut of [...cuts].sort((a, b) => a - b))
        growing.show('1', { text: whole.slice(0, cut), kind: 'reply', speaker });
      growing.show('1', { text: whole, kind: 'reply', speaker });
      growing.end();
      expect(screen()).toBe(`Maren: ${whole}\n`);
    }),
  );
});

test('what is printed is not printed again: repeats and cut ends add nothing', () => {
  const { printer: growing, screen } = printer();
  for (const text of ['Hello ', 'Hello ', 'Hello', 'Hello you'])
    growing.show('1', { text, kind: 'reply', speaker });
  growing.end();
  growing.end();
  expect(screen()).toBe('Maren: Hello you\n');
});

test('a text that turned out otherwise is written anew', () => {
  const { printer: growing, screen } = printer();
  growing.show('1', { text: 'Hello', kind: 'reply', speaker });
  growing.show('1', { text: 'Good day', kind: 'reply', speaker });
  growing.end();
  expect(screen()).toBe('Maren: Hello\nGood day\n');
});

test('the next message begins a line of its own; notices have no speaker', () => {
  const { printer: growing, screen } = printer();
  growing.show('1', { text: '', kind: 'reply', speaker });
  growing.show('1', { text: 'Hello', kind: 'reply', speaker });
  growing.show('2', { text: 'Noted.', kind: 'notice', speaker: { name: 'Rapport' } });
  growing.end();
  expect(screen()).toBe('Maren: Hello\nNoted.\n');
});

test('control characters never reach the screen', () => {
  const { printer: growing, screen } = printer();
  growing.show('1', { text: 'a\u001b[2Jb\u0007\u009bc', kind: 'reply', speaker });
  expect(screen()).toBe('Maren: a[2Jbc');
});

test('colours only where a person looks on and wants them', () => {
  expect(paintFor(true, {})).toBe(ansiPaint);
  expect(paintFor(true, { NO_COLOR: '1' })).toBe(plainPaint);
  expect(paintFor(true, { TERM: 'dumb' })).toBe(plainPaint);
  expect(paintFor(false, {})).toBe(plainPaint);
  const { printer: painted, screen } = printer(ansiPaint);
  painted.show('1', { text: 'Hello', kind: 'reply', speaker });
  expect(screen()).toBe('\u001b[1mMaren:\u001b[22m Hello');
});
