const address = /\b(?:https?:\/\/[^\s<>"'`]+|(?:tel|sms):\+?[\d().-]*\d)/gi;
const phone = /(?<![\w./:-])\+?\(?\d[\d ().-]{1,18}\d(?![\w/]|[.:-]\d)/g;
const fewestDigits = 3;
const maxDigits = 15;
/** A number after "to" is one that is texted to, e.g. "text HELLO to 12345": no call is offered. */
const textedTo = /\bto\s+$/i;

/**
 * Splits text into plain text and links: https, http, tel and sms addresses, and with `phones` also bare telephone
 * numbers. No other scheme can become a link.
 */
function linkify(text: string, phones: boolean): Inline[] {
  const out: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(address)) {
    const href = trimEnd(found[0]);
    out.push(...plain(text.slice(from, found.index), phones));
    out.push({ kind: 'link', href, text: href.replace(/^(?:tel|sms):/i, '') });
    from = found.index + href.length;
  }
  out.push(...plain(text.slice(from), phones));
  return out;
}

function plain(text: string, phones: boolean): Inline[] {
  if (text === '') return [];
  if (!phones) return [{ kind: 'text', text }];
  const out: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(phone)) {
    const digits = found[0].replace(/\D/g, '');
    if (digits.length < fewestDigits || digits.length > maxDigits) continue;
    if (textedTo.test(text.slice(0, found.index))) continue;
    if (found.index > from) out.push({ kind: 'text', text: text.slice(from, found.index) });
    out.push({ kind: 'link', href: `tel:${found[0].startsWith('+') ? '+' : ''}${digits}`, text: found[0] });
    from = found.index + found[0].length;
  }
  if (from < text.length) out.push({ kind: 'text', text: text.slice(from) });
  return out;
}

/** Punctuation that ends the sentence rather than the address. */
function trimEnd(href: string): string {
  const short = href.replace(/[.,;:!?*_]+$/, '');
  return short.endsWith(')') && !short.includes('(') ? trimEnd(short.slice(0, -1)) : short;
}

/** A piece of a line of text. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  | { readonly kind: 'strong' | 'em'; readonly children: readonly Inline[] };

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'table'; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'code'; readonly text: string };

/** What stands in one field of a table. */
export type Cell = readonly Inline[];

export interface RichTextOptions {
  /** Bare telephone numbers become links (notices with helplines only). */
  readonly phones: boolean;
}

/** Quotes in quotes that are still drawn as such. */
const deepestQuote = 3;

/**
 * Reads the little Markdown that replies use: paragraphs, headings, quotes, tables, line breaks, fences, `code`, **bold**,
 * *italic*, links (CommonMark, and GitHub's tables). Everything else stays as typed. The result is data, drawn as text nodes:
 * no HTML is ever parsed.
 */
export function parseRichText(source: string, options: RichTextOptions = { phones: false }): Block[] {
  return parseBlocks(source.replace(/\r\n?/g, '\n'), options, 0);
}

function parseBlocks(source: string, options: RichTextOptions, depth: number): Block[] {
  return source
    .split(/^(?:```|~~~)[^\n]*$/m)
    .flatMap((part, index) =>
      index % 2 === 1
        ? [{ kind: 'code' as const, text: part.replace(/^\n/, '').replace(/\n$/, '') }]
        : parseLines(part.split('\n'), options, depth),
    );
}

const heading = /^ {0,3}(#{1,6}) +(\S.*)$/;
const quote = /^ {0,3}> ?/;

function parseLines(lines: readonly string[], options: RichTextOptions, depth: number): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    const text = paragraph.join('\n').trim();
    if (text !== '') blocks.push({ kind: 'paragraph', children: parseInline(text, options) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const [, marks, title] = heading.exec(line) ?? [];
    const rows = tableRows(lines, at);
    if (line.trim() === '') {
      endParagraph();
      at += 1;
    } else if (marks !== undefined && title !== undefined) {
      endParagraph();
      const children = parseInline(title.replace(/ +#+ *$/, '').trim(), options);
      blocks.push({ kind: 'heading', level: marks.length, children });
      at += 1;
    } else if (quote.test(line) && depth < deepestQuote) {
      endParagraph();
      const end = lines.findIndex((other, index) => index > at && !quote.test(other));
      const quoted = lines.slice(at, end < 0 ? lines.length : end);
      const inner = quoted.map((other) => other.replace(quote, '')).join('\n');
      blocks.push({ kind: 'quote', blocks: parseBlocks(inner, options, depth + 1) });
      at += quoted.length;
    } else if (rows > 0) {
      endParagraph();
      blocks.push(parseTable(lines.slice(at, at + rows), options));
      at += rows;
    } else {
      paragraph.push(line);
      at += 1;
    }
  }
  endParagraph();
  return blocks;
}

const delimiter = /^:?-+:?$/;

/** How many lines the table has that begins at a line; 0 for none: its second line underlines as many fields as the first has. */
function tableRows(lines: readonly string[], at: number): number {
  const head = lines[at] ?? '';
  const under = lines[at + 1] ?? '';
  if (!head.includes('|') || !under.includes('|')) return 0;
  const marks = fieldsOf(under);
  if (marks.length !== fieldsOf(head).length || !marks.every((mark) => delimiter.test(mark))) return 0;
  const end = lines.findIndex((line, index) => index > at + 1 && !line.includes('|'));
  return (end < 0 ? lines.length : end) - at;
}

function parseTable([head = '', , ...rows]: readonly string[], options: RichTextOptions): Block {
  const cells = (line: string): Cell[] => fieldsOf(line).map((field) => parseInline(field, options));
  return { kind: 'table', head: cells(head), rows: rows.map(cells) };
}

/** The fields of a line: `|` parts them, but for `\|`. */
function fieldsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((field) => field.replaceAll('\\|', '|').trim());
}

/** `code`, **strong**, __strong__, *em*, _em_ (not inside words), line break. */
const marks =
  /`([^`\n]+)`|\*\*(?=\S)([^\n]*?\S)\*\*|(?<!\w)__(?=\S)([^\n]*?\S)__(?!\w)|\*(?=[^\s*])([^*\n]*?[^\s*])\*(?!\*)|(?<![\w/])_(?=[^\s_])([^_\n]*?[^\s_])_(?!\w)|(\n)/;

function parseInline(source: string, options: RichTextOptions): Inline[] {
  const out: Inline[] = [];
  let rest = source;
  for (let found = marks.exec(rest); found !== null; found = marks.exec(rest)) {
    const [whole, code, bold, bold2, italic, italic2] = found;
    out.push(...linkify(rest.slice(0, found.index), options.phones));
    const strong = bold ?? bold2;
    const em = italic ?? italic2;
    if (code !== undefined) out.push({ kind: 'code', text: code });
    else if (strong !== undefined) out.push({ kind: 'strong', children: parseInline(strong, options) });
    else if (em !== undefined) out.push({ kind: 'em', children: parseInline(em, options) });
    else out.push({ kind: 'break' });
    rest = rest.slice(found.index + whole.length);
  }
  out.push(...linkify(rest, options.phones));
  return out;
}
