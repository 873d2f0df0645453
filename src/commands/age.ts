import { stateAge } from '../care/state-age.js';
import type { PersonId } from '../ids.js';
import type { CommandServices } from './command-services.js';

/**
 * Says how old a person is. @param typed years, `off`; '' asks what is known.
 * @returns what they are told, and what changes for somebody under 18.
 */
export function sayAge(
  services: Pick<CommandServices, 'store' | 'config' | 'say' | 'clock'>,
  person: PersonId,
  typed: string,
): Promise<string> {
  return stateAge(services, person, typed);
}
