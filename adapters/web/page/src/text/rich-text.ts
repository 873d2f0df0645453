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

/** A paragraph or a fenced block of code. */
export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string };

export interface RichTextOptions {
  /** Bare telephone numbers become links (notices with helplines only). */
  readonly phones: boolean;
}

/**
 * Reads the little Markdown that replies use: paragraphs, line breaks, fences, `code`, **bold**, *italic*, links.
 * Everything else stays as typed. The result is data, drawn as text nodes: no HTML is ever parsed.
 */
export function parseRichText(source: string, options: RichTextOptions = { phones: false }): Block[] {
  const blocks: Block[] = [];
  const parts = source.replace(/\r\n?/g, '\n').split(/^(?:```|~~~)[^\n]*$/m);
  parts.forEach((part, index) => {
    if (index % 2 === 1) {
      blocks.push({ kind: 'code', text: part.replace(/^\n/, '').replace(/\n$/, '') });
      return;
    }
    for (const paragraph of part.split(/\n[^\S\n]*\n\s*/)) {
      const text = paragraph.trim();
      if (text !== '') blocks.push({ kind: 'paragraph', children: parseInline(text, options) });
    }
  });
  return blocks;
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
