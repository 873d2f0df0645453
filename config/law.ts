/** A law, or a set of laws, by which an operator can go. */
export const jurisdictions = ['california', 'new-york', 'washington', 'oregon', 'eu', 'strictest'] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

/** What follows from it. That this is an AI is said at the beginning under each of them. */
export interface Law {
  readonly title: string;
  /** Where its text is. */
  readonly source: string;
  /** From when on it applies, `YYYY-MM-DD`. */
  readonly since: string;
  /** Hours after which a person is told again that this is an AI; 0: only at the beginning. */
  readonly remindHours: number;
  /** The same for somebody under 18. */
  readonly remindMinorsHours: number;
  /** Somebody under 18 is also told that a break may do good. */
  readonly breaksForMinors: boolean;
  /** What a model says must be judged before it is shown: claims to be human, guilt on leaving, pleading to stay. */
  readonly judgesSpeech: boolean;
  /** How often help was shown is to be published, or reported, once a year. */
  readonly yearlyCounts: boolean;
}

const enacted = {
  california: {
    title: 'California, SB 243 (Business and Professions Code, sections 22601 to 22606)',
    source: 'https://leginfo.legislature.ca.gov/faces/billNavClient.xhtml?bill_id=202520260SB243',
    since: '2026-01-01',
    remindHours: 0,
    remindMinorsHours: 3,
    breaksForMinors: true,
    judgesSpeech: true,
    yearlyCounts: true,
  },
  'new-york': {
    title: 'New York, General Business Law, article 47 (sections 1700 to 1704)',
    source: 'https://www.nysenate.gov/legislation/laws/GBS/1702',
    since: '2025-11-05',
    remindHours: 3,
    remindMinorsHours: 3,
    breaksForMinors: false,
    judgesSpeech: false,
    yearlyCounts: false,
  },
  washington: {
    title: 'Washington, HB 2225',
    source: 'https://app.leg.wa.gov/billsummary?BillNumber=2225&Initiative=false&Year=2025',
    since: '2027-01-01',
    remindHours: 3,
    remindMinorsHours: 1,
    breaksForMinors: false,
    judgesSpeech: true,
    yearlyCounts: true,
  },
  oregon: {
    title: 'Oregon, SB 1546',
    source: 'https://olis.oregonlegislature.gov/liz/2026R1/Measures/Overview/SB1546',
    since: '2027-01-01',
    remindHours: 0,
    remindMinorsHours: 1,
    breaksForMinors: true,
    judgesSpeech: true,
    yearlyCounts: true,
  },
  eu: {
    title: 'European Union, Regulation (EU) 2024/1689 (AI Act), article 50',
    source: 'https://eur-lex.europa.eu/eli/reg/2024/1689/oj',
    since: '2026-08-02',
    remindHours: 0,
    remindMinorsHours: 0,
    breaksForMinors: false,
    judgesSpeech: false,
    yearlyCounts: false,
  },
} as const satisfies Readonly<Record<Exclude<Jurisdiction, 'strictest'>, Law>>;

const all: readonly Law[] = Object.values(enacted);

/** The laws by name; `strictest` asks for whatever any of them asks for. */
export const laws: Readonly<Record<Jurisdiction, Law>> = {
  ...enacted,
  strictest: {
    title: 'Whatever is strictest in California, New York, Washington, Oregon and the European Union',
    source: 'docs/safety.md',
    since: '2025-11-05',
    remindHours: soonest(all.map(({ remindHours }) => remindHours)),
    remindMinorsHours: soonest(all.map(({ remindMinorsHours }) => remindMinorsHours)),
    breaksForMinors: all.some(({ breaksForMinors }) => breaksForMinors),
    judgesSpeech: all.some(({ judgesSpeech }) => judgesSpeech),
    yearlyCounts: all.some(({ yearlyCounts }) => yearlyCounts),
  },
};

/** The shortest of some periods; 0, which means never, only where all are. */
export function soonest(hours: readonly number[]): number {
  const periods = hours.filter((period) => period > 0);
  return periods.length === 0 ? 0 : Math.min(...periods);
}
