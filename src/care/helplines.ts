import type { CountryHelp, Helpline, HelplineTable } from '../../config/helplines.js';
import type { Judgement } from './risk-judge.js';

export interface Help {
  /** Numbers of the emergency services; empty where the country is not known. */
  readonly emergency: readonly string[];
  readonly lines: readonly Helpline[];
}

const most = 3;

/** What helps with what a person wrote about, the fittest first. */
const purposes: Readonly<Record<NonNullable<Judgement['kind']>, readonly Helpline['for'][number][]>> = {
  suicide: ['suicide', 'distress'],
  'self-harm': ['self-harm', 'eating', 'suicide', 'distress'],
  abuse: ['abuse', 'violence', 'child', 'distress'],
  violence: ['violence', 'distress', 'suicide'],
  medical: ['poison', 'suicide', 'distress'],
  other: ['suicide', 'distress', 'abuse'],
};

/**
 * At most three lines that fit: of the person's country, in a language they write where there is one, those that were
 * confirmed first; the international ones where the country is not known or has none.
 */
export function helpFor(
  table: HelplineTable,
  country: string | null,
  kind: Judgement['kind'],
  language: string,
): Help {
  const home = country === null ? undefined : table.get(country);
  const wanted = purposes[kind ?? 'suicide'];
  const lines = fitting(home, wanted, language);
  const abroad = fitting(table.get('international'), wanted, language);
  return {
    emergency: home?.emergency ?? [],
    lines: lines.length > 0 ? lines.slice(0, most) : abroad.slice(0, most),
  };
}

function fitting(
  country: CountryHelp | undefined,
  wanted: readonly Helpline['for'][number][],
  language: string,
): readonly Helpline[] {
  const rank = (line: Helpline): number => {
    const purpose = wanted.findIndex((one) => line.for.includes(one));
    return purpose < 0
      ? Number.POSITIVE_INFINITY
      : purpose + (line.confirmed === false ? 10 : 0) + (line.languages.includes(language) ? 0 : 1);
  };
  return (country?.lines ?? [])
    .filter((line) => Number.isFinite(rank(line)))
    .toSorted((a, b) => rank(a) - rank(b));
}
