import { stateCountry } from '../care/state-country.js';
import type { PersonId, SessionId } from '../ids.js';
import type { CommandServices } from './command-services.js';

export interface CountryRequest {
  readonly person: PersonId;
  /** A code, a name in any of the care languages, `off`; '' asks what is known. */
  readonly typed: string;
  /** Where it is said: what was written there tells the language, and the last alarm whom to name first. */
  readonly session: SessionId | null;
}

/** Lines in which the person's own are looked for. */
const lookedAt = 12;

/** Says where a person is, for the helplines there. @returns what they are told. */
export async function sayCountry(
  services: Pick<CommandServices, 'store' | 'care' | 'say' | 'clock'>,
  { person, typed, session: id }: CountryRequest,
): Promise<string> {
  const { store } = services;
  const [session, { entries }] = await Promise.all([
    id === null ? null : store.sessions.get(id),
    id === null ? { entries: [] } : store.transcript.page(id, { limit: lookedAt }),
  ]);
  const written = entries.filter((entry) => entry.personId === person).map(({ text }) => text);
  return stateCountry(services, { person, typed, kind: session?.care?.kind, written: written.join(' ') });
}
