import { linkify } from './links.js';

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
