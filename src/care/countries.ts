import { careLanguages } from './languages.js';
import { countryCode } from './where.js';

/** How a person says where they are, wherever text can be written: `!country Ireland`, `!country GB`, `!country off`. */
const code = /^\s*!country\b[ \t]*([^\n]{0,80})\s*$/i;

/** Whether a message is such a code, and nothing but a country stands behind it. */
export function isCountryCode(text: string): boolean {
  const typed = code.exec(text)?.[1]?.trim();
  return typed !== undefined && (typed === '' || isOff(typed) || countryNamed(typed) !== null);
}

/** Takes a stated country back. */
export function isOff(typed: string): boolean {
  return /^(?:off|none|forget|clear)$/i.test(typed);
}

/**
 * The country a person named: its code (`GB`, `uk`), or its name in any language the care answer is written in; a code that no
 * country has, and any other words, are null.
 */
export function countryNamed(typed: string): string | null {
  const words = plain(typed);
  if (words === '') return null;
  names ??= allNames();
  const coded = countryCode(typed);
  return (coded && names.has(plain(countryName(coded, 'en'))) ? coded : null) ?? names.get(words) ?? null;
}

/** How a country is called in a language; its code where that is not known. */
export function countryName(country: string, language: string): string {
  return new Intl.DisplayNames([language, 'en'], { type: 'region', fallback: 'code' }).of(country) ?? country;
}

let names: ReadonlyMap<string, string> | null = null;

/** What people call countries whose name is another. */
const alsoCalled: Readonly<Record<string, string>> = {
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  britain: 'GB',
  'great britain': 'GB',
  usa: 'US',
  america: 'US',
  holland: 'NL',
  'south korea': 'KR',
  korea: 'KR',
  'czech republic': 'CZ',
  turkey: 'TR',
  uae: 'AE',
  'hong kong': 'HK',
  srbija: 'RS',
  hrvatska: 'HR',
  bosnia: 'BA',
};

function allNames(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  for (const language of [...careLanguages, 'sr-Latn'].toReversed()) {
    const called = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const first of letters)
      for (const second of letters) {
        const name = called.of(`${first}${second}`);
        // Codes of former times stand for those that took their place.
        const country = new Intl.Locale(`und-${first}${second}`).region ?? '';
        if (name && !noCountries.has(country)) found.set(plain(name), country);
      }
  }
  for (const [name, country] of Object.entries(alsoCalled)) found.set(name, country);
  return found;
}

/** Regions that have a code and are no countries. */
const noCountries: ReadonlySet<string> = new Set(['', 'EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** Lower case, without accents, articles and what ends a sentence. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[.,;!?।。\u200e\u200f]+/gu, ' ')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^the /, '');
}
