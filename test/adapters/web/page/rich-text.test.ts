import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type Inline, parseRichText } from '../../../../adapters/web/page/src/text/rich-text.js';

const plainOf = (inline: Inline): string => {
  if (inline.kind === 'break') return '\n';
  if ('children' in inline) return inline.children.map(plainOf).join('');
  return inline.text;
};
const textOf = (block: Block): string => {
  if (block.kind === 'code') return block.text;
  if (block.kind === 'quote') return block.blocks.map(textOf).join('\n');
  if (block.kind === 'table')
    return [block.head, ...block.rows]
      .map((row) => row.map((cell) => cell.map(plainOf).join('')).join(' '))
      .join('\n');
  return block.children.map(plainOf).join('');
};
const linksOf = (blocks: readonly Block[]): string[] => {
  const of = (inline: Inline): string[] => {
    if (inline.kind === 'link') return [inline.href];
    return 'children' in inline ? inline.children.flatMap(of) : [];
  };
  return blocks.flatMap((block) => (block.kind === 'paragraph' ? block.children.flatMap(of) : []));
};

describe('parseRichText', () => {
  it('reads paragraphs, line breaks, marks and fences', () => {
    const blocks = parseRichText('One **bold** and *quiet*\nline\n\n```js\nlet a = 1;\n```\nafter `code`');
    expect(blocks).toEqual([
      {
        kind: 'paragraph',
        children: [
          { kind: 'text', text: 'One ' },
          { kind: 'strong', children: [{ kind: 'text', text: 'bold' }] },
          { kind: 'text', text: ' and ' },
          { kind: 'em', children: [{ kind: 'text', text: 'quiet' }] },
          { kind: 'break' },
          { kind: 'text', text: 'line' },
        ],
      },
      { kind: 'code', text: 'let a = 1;' },
      {
        kind: 'paragraph',
        children: [
          { kind: 'text', text: 'after ' },
          { kind: 'code', text: 'code' },
        ],
      },
    ]);
  });

  it('F.2: reads headings, quotes and tables', () => {
    const text = (said: string): Inline => ({ kind: 'text', text: said });
    expect(
      parseRichText(
        '## A *plan* ##\nfirst\n> quoted\n> > deep\n\n| a | b\\|c |\n|:--|--:|\n| 1 | 2 |\nafter\n#1 is | no table',
      ),
    ).toEqual([
      {
        kind: 'heading',
        level: 2,
        children: [text('A '), { kind: 'em', children: [text('plan')] }],
      },
      { kind: 'paragraph', children: [text('first')] },
      {
        kind: 'quote',
        blocks: [
          { kind: 'paragraph', children: [text('quoted')] },
          { kind: 'quote', blocks: [{ kind: 'paragraph', children: [text('deep')] }] },
        ],
      },
      { kind: 'table', head: [[text('a')], [text('b|c')]], rows: [[[text('1')], [text('2')]]] },
      {
        kind: 'paragraph',
        children: [text('after'), { kind: 'break' }, text('#1 is | no table')],
      },
    ]);
  });

  it('F.2: reads a megabyte of marks in no time', () => {
    const startedAt = performance.now();
    for (const piece of ['> ', '|', '# ', '|-', '\\|', '>\n', '|-|\n']) parseRichText(piece.repeat(20_000));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('shows a fence that is still open as code', () => {
    expect(parseRichText('```\nhalf a li')).toEqual([{ kind: 'code', text: 'half a li' }]);
  });

  it('leaves HTML, arithmetic and names with underscores as typed', () => {
    for (const text of ['<img src=x onerror=alert(1)>', '2 * 3 * 4', 'snake_case_name', 'a ** b']) {
      expect(parseRichText(text)).toEqual([{ kind: 'paragraph', children: [{ kind: 'text', text }] }]);
    }
  });

  it('links addresses without the punctuation of the sentence, and no other scheme', () => {
    const text =
      'See https://example.org/a_b(c)?d=1. (http://example.com/x) javascript:alert(1) data:text/html,x';
    expect(linksOf(parseRichText(text))).toEqual(['https://example.org/a_b(c)?d=1', 'http://example.com/x']);
  });

  it('links telephone numbers in notices only', () => {
    const text =
      'Call 112 or +49 800 111 0 111, 116 123; tel:988; text HOME to 741741. Open 24/7 since 9:30.';
    expect(linksOf(parseRichText(text))).toEqual(['tel:988']);
    expect(linksOf(parseRichText(text, { phones: true }))).toEqual([
      'tel:112',
      'tel:+498001110111',
      'tel:116123',
      'tel:988',
    ]);
  });

  it('never makes a link that leads anywhere but to https, http, tel or sms', () => {
    const piece = fc.constantFrom(
      'https://a.b/',
      'javascript:',
      'tel:1',
      '**',
      '*',
      '_',
      '`',
      '\n',
      ' ',
      '(',
      ')',
      'x',
      '<a>',
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          for (const href of linksOf(parseRichText(text, { phones: true })))
            expect(href).toMatch(/^(https?|tel|sms):/);
        },
      ),
    );
  });

  it('loses no letter and no digit', () => {
    const letters = (text: string): string => text.replace(/[^a-z0-9]/g, '');
    const piece = fc.constantFrom(
      ...['word', '123', '**', '*', '__', '_', '`', '\n', '\n\n', ' ', '.'],
      ...['# ', '> ', '|', '|-|-|', '\n|', '\\|'],
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          const shown = parseRichText(text, { phones: true }).map(textOf).join('\n');
          expect(letters(shown)).toBe(letters(text));
        },
      ),
    );
  });
});
