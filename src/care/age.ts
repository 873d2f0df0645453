import type { Profile } from '../memory/profile.js';

/** Who is younger is a minor. */
export const adultFrom = 18;
/** What is believed of an age, years. */
export const ageLimits = { least: 1, most: 120 } as const;

const yearMs = 365.25 * 86_400_000;

/**
 * How old a person is by what they said: what they said, and a year more for every whole year since then. Somebody is never
 * taken for older than they are. Null where they have not said it: it is not guessed.
 */
export function ageOf(profile: Pick<Profile, 'persona' | 'ageAt'> | null, now: number): number | null {
  const age = profile?.persona.age;
  if (age === undefined) return null;
  return age + Math.max(0, Math.floor((now - (profile?.ageAt ?? now)) / yearMs));
}

/** Whether a person said that they are under 18. */
export function isMinor(profile: Pick<Profile, 'persona' | 'ageAt'> | null, now: number): boolean {
  const age = ageOf(profile, now);
  return age !== null && age < adultFrom;
}

/** The years a person typed: `15`, `I am 15`, `18+`; null where that says no age. */
export function ageTyped(typed: string): number | null {
  const numbers = typed.match(/\d+/g) ?? [];
  const years = Number(numbers[0]);
  return numbers.length === 1 && years >= ageLimits.least && years <= ageLimits.most ? years : null;
}
