import type { Say } from '../../config/locale.js';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../clock.js';
import type { PersonId } from '../ids.js';
import { freshProfile } from '../memory/profile.js';
import type { Store } from '../state/store.js';
import { adultFrom, ageOf, ageTyped } from './age.js';
import { isOff } from './countries.js';
import { dutiesTowards } from './duties.js';

export interface AgeServices {
  readonly store: Pick<Store, 'people'>;
  readonly config: Pick<Config, 'care'>;
  readonly say: Say;
  readonly clock: Clock;
}

/**
 * Keeps how old a person says they are, with their persona: it is exported and erased with it.
 * @param typed as typed: a number of years, `off`; '' asks what is known.
 * @returns what the person is told: also what changes for somebody under 18.
 */
export async function stateAge(
  { store, config, say, clock }: AgeServices,
  person: PersonId,
  typed: string,
): Promise<string> {
  const now = clock.now();
  const words = typed.trim();
  const told = (years: number, key: string): string => {
    if (years >= adultFrom) return say(key, { years });
    const hours = dutiesTowards(config.care, true).remindHours;
    const reminder = hours > 0 ? [say('care.age.reminded', { hours })] : [];
    return [say(key, { years }), say('care.age.minor', { adult: adultFrom }), ...reminder].join(' ');
  };
  if (words === '') {
    const before = ageOf(await store.people.profile(person), now);
    return before === null ? say('care.age.unknown') : told(before, 'care.age.known');
  }
  const off = isOff(words);
  const years = off ? undefined : ageTyped(words);
  if (years === null) return say('care.age.unclear', { typed: words.slice(0, 60) });
  await store.people.changeProfile(person, (found) => {
    const { ageAt: _, ...known } = found ?? freshProfile(person, now);
    const { age: before, ...persona } = known.persona;
    if (years === undefined && before === undefined) return null;
    return {
      ...known,
      persona: { ...persona, ...(years !== undefined && { age: years }) },
      ...(years !== undefined && { ageAt: now }),
      updatedAt: now,
    };
  });
  return years === undefined ? say('care.age.off') : told(years, 'care.age.set');
}
