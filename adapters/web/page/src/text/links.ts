import type { Inline } from './rich-text.js';

const address = /\b(?:https?:\/\/[^\s<>"'`]+|(?:tel|sms):\+?[\d().-]*\d)/gi;
const phone = /(?<![\w./:-])\+?\(?\d[\d ().-]{1,18}\d(?![\w/]|[.:-]\d)/g;
const fewestDigits = 3;
const mostDigits = 15;
/** A number after "to" is one that is texted to, e.g. "text HELLO to 12345": no call is offered. */
const textedTo = /\bto\s+$/i;

/**
 * Splits text into plain text and links: https, http, tel and sms addresses, and with `phones` also bare telephone
 * numbers. No other scheme can become a link.
 */
export function linkify(text: string, phones: boolean): Inline[] {
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
    if (digits.length < fewestDigits || digits.length > mostDigits) continue;
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
