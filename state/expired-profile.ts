import type { Profile } from '../src/memory/profile.js';

/** From this age on nobody is a minor, years. */
const adult = 18;

/**
 * What outlives a persona that was kept long enough: that somebody has paused, that they are under 18, and whether what they tell is
 * remembered; null where it is none of these, the same object where there is nothing else in it.
 */
export function expiredProfile(known: Profile): Profile | null {
  const { age, ...rest } = known.persona;
  const minor = age !== undefined && age < adult;
  if (!known.paused && !minor && !known.remembering) return null;
  if (
    !known.lorebook &&
    rest.facts.length === 0 &&
    Object.keys(rest).length === 1 &&
    (age === undefined || minor)
  )
    return known;
  const { ageAt, factsAt: _, lorebook: __, ...plain } = known;
  return {
    ...plain,
    persona: { facts: [], ...(minor && { age }) },
    ...(minor && ageAt !== undefined && { ageAt }),
  };
}
