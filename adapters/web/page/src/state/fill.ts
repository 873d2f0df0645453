/** Forms of a phrase by number, chosen with Intl.PluralRules. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** Fills `{name}` places of a phrase; unknown places stay as they are. */
export function fill(phrase: string, values: Readonly<Record<string, string | number>>): string {
  return phrase.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The form of `phrase` for `n`, with `{n}` filled. */
export function plural(phrase: Plural, n: number, locale: string): string {
  const form = new Intl.PluralRules(locale).select(n) === 'one' ? phrase.one : phrase.other;
  return fill(form, { n: new Intl.NumberFormat(locale).format(n) });
}
