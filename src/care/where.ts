import { countriesOfLanguages } from './languages.js';
import { countryOfZone } from './time-zones.js';

/** What a platform tells of where somebody is. */
export interface Whereabouts {
  /** As the platform tells it: `de-AT`, `pt-BR`, `ja`. */
  readonly locale?: string | undefined;
  /** IANA's name: `Europe/Vienna`. */
  readonly timeZone?: string | undefined;
  /** Two letters (ISO 3166), where it was found out before. */
  readonly country?: string | undefined;
}

/**
 * The country a person is probably in: the one they named; else their time zone's, for whoever reads English need not be in
 * America; else that of their locale (`de-AT`). A language alone says it only where one country speaks it (`ja`), never between
 * several (`en`, `de`, `es`). Null where nothing says it.
 */
export function countryOf(named: string | undefined, whereabouts: Whereabouts = {}): string | null {
  const own = countryCode(named ?? '');
  if (own) return own;
  const { country, timeZone, locale = '' } = whereabouts;
  if (country !== undefined) return country;
  const zone = countryOfZone(timeZone);
  if (zone !== undefined) return zone;
  const [language = '', ...rest] = locale.split(/[-_.@]/);
  const region = rest.find((part) => /^[A-Za-z]{2}$/.test(part));
  return region?.toUpperCase() ?? countriesOfLanguages[language.toLowerCase()] ?? null;
}

/** Two letters as a country's code (`uk` → `GB`); null for anything else. */
export function countryCode(typed: string): string | null {
  const code = typed.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) ? (code === 'UK' ? 'GB' : code) : null;
}

/** The first language of an Accept-Language header; undefined where it names none. */
export function firstLocale(acceptLanguage: string | null | undefined): string | undefined {
  const first = acceptLanguage?.split(',', 1)[0]?.split(';', 1)[0]?.trim();
  return first && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(first) ? first : undefined;
}
