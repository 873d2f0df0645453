import { reasonOf } from '../../config/errors.js';
import type { Clock } from '../clock.js';
import type { CareAnswer, Grade, RiskKind } from '../state/risk.js';
import type { SessionState } from '../state/session.js';
import type { Store } from '../state/store.js';
import type { Logger } from '../telemetry/logger.js';
import { wasTold } from './reminder.js';
import { grades, isDanger, riskKinds } from './risk-judge.js';
import { type OffenceKind, offenceKinds } from './said/offence.js';

/** Something of the care protocol that is counted: no text and no person is. */
export type CareEvent =
  | { readonly what: 'alarm'; readonly grade: Grade; readonly kind: RiskKind }
  | { readonly what: 'helplines'; readonly by: HelplinesBy }
  | { readonly what: 'withheld'; readonly kind: OffenceKind }
  | { readonly what: 'reminder' };

/** Why helplines were shown: to somebody in danger, to somebody who is low, or because they were asked for. */
const helplinesBy = ['alarm', 'offer', 'asked'] as const;
type HelplinesBy = (typeof helplinesBy)[number];

/** Counts by name, as `alarm:plan:suicide`; every name is there. */
export type CareCounts = Readonly<Record<string, number>>;

const alarms = grades
  .filter((grade) => isDanger({ grade }))
  .flatMap((grade) => riskKinds.map((kind) => `alarm:${grade}:${kind}`));

/** Everything that is counted. */
const countedNames: readonly string[] = [
  ...alarms,
  ...helplinesBy.map((by) => `helplines:${by}`),
  ...offenceKinds.map((kind) => `withheld:${kind}`),
  'reminder',
];

/** Counters of a month are kept so long: what is reported of a year is reported in the one after it. */
const keptMs = 3 * 366 * 86_400_000;

export interface CountServices {
  readonly store: Pick<Store, 'values'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Counts events in the month they happen. Nobody waits for it; where the store cannot be reached it is not counted, and logged. */
export function countCare({ store, clock, logger }: CountServices, events: readonly CareEvent[]): void {
  const month = new Date(clock.now()).toISOString().slice(0, 7);
  for (const event of events)
    store.values.increment(keyOf(month, nameOf(event)), keptMs).catch((error: unknown) => {
      logger.warn({ what: event.what, reason: reasonOf(error) }, 'an event of care was not counted');
    });
}

/** What is counted where somebody in danger is shown help. */
export function eventsOf({ grade, kind }: Pick<CareAnswer, 'grade' | 'kind'>): readonly CareEvent[] {
  return [
    { what: 'alarm', grade, kind },
    { what: 'helplines', by: 'alarm' },
  ];
}

/** What a turn did that is counted, by what it made of its session. @param before null where the session began with it. */
export function turnEvents(
  before: SessionState | null,
  { care, disclosedAt }: SessionState,
): readonly CareEvent[] {
  const reminded = before !== null && wasTold(before) && disclosedAt !== before.disclosedAt;
  const shown = care?.shownAt !== undefined && care.shownAt !== before?.care?.shownAt;
  const answered = care !== undefined && care.answers > (before?.care?.answers ?? 0);
  return [
    ...(answered ? eventsOf(care) : []),
    ...(shown && !answered ? [{ what: 'helplines', by: 'offer' } as const] : []),
    ...(reminded ? [{ what: 'reminder' } as const] : []),
  ];
}

/**
 * The counts of a year, by month (`2026-01` first).
 * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE
 */
export async function readCareCounts(
  store: Pick<Store, 'values'>,
  year: number,
): Promise<ReadonlyMap<string, CareCounts>> {
  const counts = new Map<string, CareCounts>();
  for (let number = 1; number <= 12; number += 1) {
    const month = `${year}-${String(number).padStart(2, '0')}`;
    const values = await Promise.all(countedNames.map((name) => store.values.get(keyOf(month, name))));
    counts.set(month, Object.fromEntries(countedNames.map((name, n) => [name, Number(values[n] ?? 0)])));
  }
  return counts;
}

function nameOf(event: CareEvent): string {
  switch (event.what) {
    case 'alarm':
      return `alarm:${event.grade}:${event.kind}`;
    case 'helplines':
      return `helplines:${event.by}`;
    case 'withheld':
      return `withheld:${event.kind}`;
    case 'reminder':
      return 'reminder';
  }
}

function keyOf(month: string, name: string): string {
  return `care:count:${month}:${name}`;
}
