import type { PersonId } from '../ids.js';
import type { RankedMatch } from '../matching/persona-scorer.js';
import type { SeekerPersona } from '../memory/profile.js';
import type { CommandServices } from './command-services.js';
import { savePersona } from './persona.js';

/** Saves who a person is and finds the `k` characters who fit them best, best first, each with its reasons. */
export async function suggestMatches(
  services: Pick<CommandServices, 'store' | 'clock' | 'scorer' | 'bank'>,
  person: PersonId,
  persona: SeekerPersona,
  k: number,
): Promise<readonly RankedMatch[]> {
  await savePersona(services, person, persona);
  return services.scorer.rank(persona, services.bank.all, k);
}
