import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  growing,
  plainText,
  slackMarkdown,
  slackMarkdownChars,
} from '../../../../adapters/slack/delivery/slack-markdown.js';

const marks = [
  '<',
  '>',
  '@',
  '!',
  '#',
  ':',
  '|',
  'U1',
  'here',
  'channel',
  'everyone',
  'https',
  '//x.y',
  '`',
  '\n',
  ' ',
  'a',
  '🌿',
];
const texts = fc.array(fc.constantFrom(...marks), { maxLength: 60 }).map((parts) => parts.join(''));
const calls = /<[@!#][^>\s]|(?<![\p{L}\p{N}._])@(?:channel|here|everyone)|<(?:https?|mailto|tel|slack):/iu;

describe('Markdown for Slack', () => {
  it.each([
    ['Ask <@U123> or <!channel>', '<@U123>'],
    ['See <#C123|general>', '<#C123'],
    ['@here @Channel @everyone', '@here'],
    ['Click <https://evil.test|your bank>', '<https:'],
  ])('calls nobody: %s', (text, power) => {
    expect(slackMarkdown(text)).not.toContain(power);
    expect(slackMarkdown(text).replaceAll('\u2060', '')).toBe(text);
  });

  it('leaves ordinary text alone', () => {
    const text = 'Mail bob@here.example, a <b> tag, `a < b`, [a link](https://example.com), **bold**.';
    expect(slackMarkdown(text)).toBe(text);
  });

  it('has nothing left in it that calls anybody', () => {
    fc.assert(
      fc.property(texts, (text) => !calls.test(slackMarkdown(text))),
      { numRuns: 2_000 },
    );
  });

  it('of a beginning is the beginning of that of the whole, as streams need it', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, at) =>
        slackMarkdown(text).startsWith(slackMarkdown(text.slice(0, at % (text.length + 1)))),
      ),
      { numRuns: 2_000 },
    );
  });

  it('fits a message however much of it is broken up', () => {
    const shown = slackMarkdown('<@'.repeat(5_750));
    expect(shown.length).toBeLessThanOrEqual(slackMarkdownChars);
    expect(calls.test(shown)).toBe(false);
  });
});

describe('a growing text', () => {
  it('is shown without the fence that closes it for show', () => {
    expect(growing('```js\nlet a\n```')).toBe('```js\nlet a');
    expect(growing('Done: ```a```')).toBe('Done: ```a```');
    expect(growing('text')).toBe('text');
  });
});

describe('the text beside the blocks', () => {
  it('is escaped and short, and no character of it is torn', () => {
    expect(plainText('<!channel> & co')).toBe('&lt;!channel&gt; &amp; co');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 2_000, maxLength: 3_500 }), (text) => {
        const plain = plainText(text);
        return (
          plain.length <= 2_901 && plain.isWellFormed() && !/&(?!amp;|lt;|gt;)/.test(plain.replace(/…$/, ''))
        );
      }),
    );
    expect(plainText('&'.repeat(3_000)).length).toBeLessThanOrEqual(2_901);
  });
});
