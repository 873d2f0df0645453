import { createHash } from 'node:crypto';

/** Letters that do not fall apart into a plain one and a mark. */
const plain: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
};
const maxUnits = 64;

/**
 * The id a name makes: lower-case ASCII letters, digits and hyphens. Letters of other scripts are told by a digest, so that
 * different names make different ids.
 */
export function idFrom(name: string): string {
  const whole = name.normalize('NFKC').toLowerCase().toWellFormed();
  const latin = whole
    .replace(/[æœøđðþßłħı]/g, (letter) => plain[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
  const slug = latin
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxUnits)
    .replace(/^-+|-+$/g, '');
  if (!/[^\P{L}a-z]|[^\P{N}0-9]/u.test(latin)) return slug || 'character';
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${(slug || 'character').slice(0, maxUnits - digest.length - 1).replace(/-+$/, '')}-${digest}`;
}

/** The n-th id of a name: `mia`, `mia-2`, `mia-3` … */
export function nthId(id: string, n: number): string {
  const end = n === 1 ? '' : `-${n}`;
  return `${id.slice(0, maxUnits - end.length).replace(/-+$/, '')}${end}`;
}
