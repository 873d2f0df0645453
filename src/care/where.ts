import { countriesOfLanguages } from './languages.js';

/** The country a person is probably in: the one they named, else their locale's (`de-AT`, `de`); null where neither says. */
export function countryOf(named: string | undefined, locale: string | undefined): string | null {
  const own = named?.trim().toUpperCase();
  if (own && /^[A-Z]{2}$/.test(own)) return own === 'UK' ? 'GB' : own;
  const [language = '', ...rest] = (locale ?? '').split(/[-_]/);
  const region = rest.find((part) => /^[A-Za-z]{2}$/.test(part));
  return region?.toUpperCase() ?? countriesOfLanguages[language.toLowerCase()] ?? null;
}

/** The first language of an Accept-Language header; undefined where it names none. */
export function firstLocale(acceptLanguage: string | null | undefined): string | undefined {
  const first = acceptLanguage?.split(',', 1)[0]?.split(';', 1)[0]?.trim();
  return first && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(first) ? first : undefined;
}
