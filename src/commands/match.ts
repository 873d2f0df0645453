import type { RapportError } from '../../config/errors.js';
import type { CareAnswer } from '../care/care.js';
import { countCare, eventsOf } from '../care/counts.js';
import type { Whereabouts } from '../care/where.js';
import type { PersonId } from '../ids.js';
import type { RankedMatch } from '../matching/persona-scorer.js';
import { late, within } from '../within.js';
import type { CommandServices } from './command-services.js';
import { type GivenPersona, savePersona } from './persona.js';

/** What comes of a form about a person. */
export interface Suggested {
  /** The characters who fit them best, best first, each with its reasons. */
  readonly matches: readonly RankedMatch[];
  /** Where there is help, for somebody who is in danger by what they wrote: it comes before any character. */
  readonly care: CareAnswer | null;
}

/** Nobody in danger waits longer for store and scorer, ms. */
const rankMs = 150;

/**
 * Saves who a person is and finds the `k` characters who fit them best; what they wrote may ask for more than a character.
 * @param overRate thrown unless they are in danger: they ask too often.
 */
export async function suggestMatches(
  services: Pick<CommandServices, 'store' | 'clock' | 'logger' | 'scorer' | 'bank' | 'care' | 'metrics'>,
  person: PersonId,
  persona: GivenPersona,
  k: number,
  whereabouts: Whereabouts = {},
  overRate?: RapportError,
): Promise<Suggested> {
  const { care: protocol, scorer, bank, clock, metrics } = services;
  const { age: _, ...told } = persona;
  const { worry = '', facts, country } = told;
  // What the form says of where they are comes before what was said before.
  const writer = country ? { country } : { ...whereabouts, person };
  const care = await protocol.answer([worry, ...facts], null, writer);
  if (overRate && !care) throw overRate;
  const ranking = savePersona(services, person, persona).then(() => scorer.rank(told, bank.all, k));
  if (!care) return { care, matches: await ranking };
  metrics.careAnswers.inc({ kind: care.kind });
  countCare(services, eventsOf(care));
  const matches = await within(clock, rankMs, ranking).catch((): typeof late => late);
  return { care, matches: matches === late ? [] : matches };
}
