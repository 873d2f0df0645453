import type { Say } from '../../config/locale.js';
import type { Clock } from '../clock.js';
import type { PersonId } from '../ids.js';
import { freshProfile } from '../memory/profile.js';
import type { RiskKind } from '../state/risk.js';
import type { Store } from '../state/store.js';
import type { Care } from './care.js';
import { countryName, countryNamed, isOff } from './countries.js';

export interface CountryServices {
  readonly store: Pick<Store, 'people'>;
  readonly care: Pick<Care, 'help'>;
  readonly say: Say;
  readonly clock: Clock;
}

export interface StatedCountry {
  readonly person: PersonId;
  /** As typed: a code, a name, `off`; '' asks what is known. */
  readonly typed: string;
  /** What the helplines shown are to help with; anything where nothing is given. */
  readonly kind?: RiskKind | undefined;
  /** What the person wrote lately, for the language they are answered in. */
  readonly written?: string;
}

/**
 * Keeps where a person says they are, with their persona: it is exported and erased with it, and decides before any hint of a
 * platform.
 * @returns what the person is told: with a country, the helplines there.
 */
export async function stateCountry(
  { store, care, say, clock }: CountryServices,
  { person, typed, kind, written = '' }: StatedCountry,
): Promise<string> {
  const name = (country: string): string => countryName(country, say('care.language'));
  if (typed.trim() === '') {
    const before = (await store.people.profile(person))?.persona.country;
    return before === undefined
      ? say('care.country.unknown')
      : say('care.country.known', { country: name(before) });
  }
  const off = isOff(typed.trim());
  const country = off ? undefined : countryNamed(typed);
  if (country === null) return say('care.country.unclear', { typed: typed.trim().slice(0, 60) });
  const now = clock.now();
  await store.people.changeProfile(person, (found) => {
    const known = found ?? freshProfile(person, now);
    const { country: before, ...persona } = known.persona;
    if (off && before === undefined) return null;
    return {
      ...known,
      persona: { ...persona, ...(country !== undefined && { country }) },
      updatedAt: now,
    };
  });
  if (country === undefined) return say('care.country.off');
  return [say('care.country.set', { country: name(country) }), care.help(country, kind, written)].join('\n');
}
