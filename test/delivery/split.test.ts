import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageSplitter, type Piece, type SplitRules, splitText } from '../../src/delivery/split.js';

const plain: SplitRules = { maxChars: 40, fences: true };
const texts = (text: string, rules = plain): string[] => splitText(text, rules).map((piece) => piece.text);

describe('splitText by example', () => {
  it('leaves a text that fits alone', () => {
    expect(texts('Hello there, how are you today, friend?!')).toEqual([
      'Hello there, how are you today, friend?!',
    ]);
    expect(texts('')).toEqual([]);
    expect(texts(' \n\t ')).toEqual([]);
  });

  it('prefers a paragraph, then a line, then a sentence, then a word', () => {
    expect(texts('A first paragraph, then.\n\nOne line. Two\nsentences follow it here')).toEqual([
      'A first paragraph, then.',
      'One line. Two\nsentences follow it here',
    ]);
    expect(texts('A first line. And more\nthe second line of the text')).toEqual([
      'A first line. And more',
      'the second line of the text',
    ]);
    expect(texts('This sentence ends here. The next one does not fit')).toEqual([
      'This sentence ends here.',
      'The next one does not fit',
    ]);
    expect(texts('no sentence at all in this long run of words')).toEqual([
      'no sentence at all in this long run of',
      'words',
    ]);
  });

  it('cuts Chinese and Japanese after their sentence ends', () => {
    const sentence = '今天天气很好，我们去公园走走吧。';
    expect(texts(sentence.repeat(3))).toEqual([sentence.repeat(2), sentence]);
  });

  it('keeps mentions, custom emoji, links and URLs whole', () => {
    expect(texts('Please ask somebody who knows, <@123456789> knows')).toEqual([
      'Please ask somebody who knows,',
      '<@123456789> knows',
    ]);
    expect(
      texts('中文中文中文中文中文中文中文中文中文中文中文中文中文中文中文<a:wave:123456789012>好'),
    ).toEqual(['中文'.repeat(15), '<a:wave:123456789012>好']);
    expect(texts('You can read all of it <https://a.b/c|in this page> here')).toEqual([
      'You can read all of it',
      '<https://a.b/c|in this page> here',
    ]);
    expect(texts('See https://example.org/a/long/path/page.html')).toEqual([
      'See',
      'https://example.org/a/long/path/page.html'.slice(0, 40),
      'l',
    ]);
    expect(texts('See https://example.org/long/path/page.html')).toEqual([
      'See',
      'https://example.org/long/path/page.html',
    ]);
  });

  it('keeps inline code whole where there is another place', () => {
    expect(texts('Type this command: `npm run rapport chat`')).toEqual([
      'Type this command:',
      '`npm run rapport chat`',
    ]);
  });

  it('closes a fence and opens it again with the same language', () => {
    const code = Array.from({ length: 6 }, (_, n) => `  line${n}();`).join('\n');
    expect(texts(`Look:\n\`\`\`ts\n${code}\n\`\`\`\nThat is all.`)).toEqual([
      'Look:\n```ts\n  line0();\n  line1();\n```',
      '```ts\n  line2();\n  line3();\n```',
      '```ts\n  line4();\n  line5();\n```',
      'That is all.',
    ]);
  });

  it('does not reopen a fence only to close it', () => {
    expect(texts('```\n0123456789\n01234567890123456789\n```\nEnd of the story')).toEqual([
      '```\n0123456789\n01234567890123456789\n```',
      'End of the story',
    ]);
  });

  it('leaves fences alone on a platform without them', () => {
    const joined = texts(`\`\`\`\n${'word '.repeat(20)}\n\`\`\``, { maxChars: 40, fences: false }).join(' ');
    expect(joined.match(/```/g)).toHaveLength(2);
  });

  it('refuses a limit that is too small to work with', () => {
    expect(() => splitText('x', { maxChars: 31, fences: true })).toThrow(RangeError);
  });

  it('puts a pair together that came in two deltas and replaces a lone half', () => {
    const splitter = new MessageSplitter(plain);
    splitter.push('\ud83d');
    expect(splitter.openText()).toBe('');
    splitter.push('\ude00 hi \udc00');
    expect(splitter.openText()).toBe('😀 hi \ufffd');
    splitter.push('\ud83d');
    splitter.finish();
    expect(splitter.closed.map((piece) => piece.text)).toEqual(['😀 hi \ufffd\ufffd']);
  });

  it('breaks off between two words and goes on in the next piece', () => {
    const splitter = new MessageSplitter(plain);
    splitter.push('one two thr');
    splitter.breakOff();
    splitter.push('ee');
    splitter.finish();
    expect(splitter.closed.map((piece) => piece.text)).toEqual(['one two', 'three']);
  });
});

const token = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-zA-Z]{1,12}$/) },
  { weight: 1, arbitrary: fc.constantFrom('.', '. ', '! ', '? ', ', ', '。', '…') },
  { weight: 5, arbitrary: fc.constantFrom(' ', ' ', '  ', '\n', '\n\n', '\r\n', '\t') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('<@123456789>', '<#42>', '<@&77>', '<:smile:123456>', '<a:wave:99>'),
  },
  { weight: 1, arbitrary: fc.constantFrom('<https://a.org/x|a link>', 'https://example.org/path?q=1') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('👩‍👩‍👧‍👦', '🇫🇷🇩🇪', 'e\u0301', '👍🏽', 'นำ้', 'क्षि', '한국어', '日本語'),
  },
  { weight: 1, arbitrary: fc.constantFrom('\n```ts\n', '\n```\n', '`code here`', '`', '```', '<', 'htt') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);
const anyText = fc.array(token, { maxLength: 120 }).map((parts) => parts.join(''));
const anyRules = fc.record({ maxChars: fc.integer({ min: 40, max: 120 }), fences: fc.boolean() });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const tokens = /<(?:@&?|#|a?:\w+:)\d+>|<https:[^<>\n]*>|https:\/\/[^\s<>]+/g;

/** Offsets in the text at which pieces meet. */
function seams(pieces: readonly Piece[]): number[] {
  let at = 0;
  return pieces.slice(0, -1).map((piece) => {
    at += piece.raw.length;
    return at;
  });
}

/** What is seen, without white space, backticks and info strings of reopened fences. */
const bare = (text: string): string => text.replace(/[\s`]/g, '');

describe('splitText in general', () => {
  const runs = { numRuns: 400 };

  it('never exceeds the limit, never shows an empty message', () => {
    fc.assert(
      fc.property(anyText, anyRules, (text, rules) => {
        for (const piece of splitText(text, rules)) {
          expect(piece.text.length).toBeLessThanOrEqual(rules.maxChars);
          expect(piece.text.trim()).not.toBe('');
        }
      }),
      runs,
    );
  });

  it('loses and adds nothing but white space at the seams and fences', () => {
    fc.assert(
      fc.property(anyText, anyRules, (text, rules) => {
        const pieces = splitText(text, rules);
        expect(
          pieces
            .map((piece) => piece.raw)
            .join('')
            .trimEnd(),
        ).toBe(text.trimEnd());
        for (const piece of pieces) {
          const info = piece.opening && piece.text.startsWith('```') ? piece.opening.info : '';
          const shown = bare(piece.text);
          expect([bare(piece.raw), bare(info + piece.raw)]).toContain(shown);
        }
      }),
      runs,
    );
  });

  it('tears no surrogate pair, grapheme, mention or URL', () => {
    fc.assert(
      fc.property(anyText, anyRules, (text, rules) => {
        const boundaries = new Set([...graphemes.segment(text)].map((segment) => segment.index));
        const spans = [...text.matchAll(tokens)].filter((match) => match[0].length <= rules.maxChars / 2);
        for (const seam of seams(splitText(text, rules))) {
          expect(boundaries.has(seam)).toBe(true);
          const torn = spans.find((match) => match.index < seam && seam < match.index + match[0].length);
          expect(torn?.[0]).toBeUndefined();
        }
      }),
      runs,
    );
  });

  it('leaves every fence that it opened or closed itself balanced', () => {
    const code = fc.array(fc.stringMatching(/^[a-z]{1,30}( [a-z]{1,9}){0,3}$/), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(code, anyRules, (lines, { maxChars }) => {
        const text = `Here:\n\`\`\`python\n${lines.join('\n')}\n\`\`\`\nDone.`;
        for (const piece of splitText(text, { maxChars, fences: true })) {
          const marks = piece.text.split('\n').filter((line) => line.startsWith('```'));
          expect(marks.length % 2).toBe(0);
          if (piece.opening && marks.length > 0) expect(marks[0]).toMatch(/^```(python)?$/);
        }
      }),
      runs,
    );
  });

  it('is the same however the text is portioned, and closed pieces never change', () => {
    fc.assert(
      fc.property(
        anyText,
        anyRules,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (text, rules, sizes) => {
          const whole = splitText(text, rules);
          const splitter = new MessageSplitter(rules);
          let before: Piece[] = [];
          for (let at = 0, n = 0; at < text.length; n += 1) {
            const size = sizes[n % sizes.length] ?? 1;
            splitter.push(text.slice(at, at + size));
            at += size;
            expect(splitter.closed.slice(0, before.length).map((p) => p.text)).toEqual(
              before.map((p) => p.text),
            );
            expect(splitter.openText().length).toBeLessThanOrEqual(rules.maxChars);
            expect(splitter.openText()).not.toMatch(/\p{Surrogate}/u);
            before = [...splitter.closed];
          }
          splitter.finish();
          expect(splitter.closed.map((piece) => piece.text)).toEqual(whole.map((piece) => piece.text));
        },
      ),
      runs,
    );
  });
});
