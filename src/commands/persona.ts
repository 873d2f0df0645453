import { z } from 'zod';
import { mbtiSchema } from '../../characters/schema.js';
import { ageLimits } from '../care/age.js';
import { countryNamed } from '../care/countries.js';
import type { PersonId } from '../ids.js';
import { timeOf } from '../memory/known-facts.js';
import { freshProfile, type Profile, type SeekerPersona } from '../memory/profile.js';
import type { CommandServices } from './command-services.js';

/** Most facts a persona holds, and the longest of each field, UTF-16 units. */
export const personaLimits = { facts: 20, fact: 300, name: 80, worry: 2_000 } as const;

/** Who a person says they are, as a form hands it over: empty fields are allowed and mean nothing. */
export const personaSchema = z.strictObject({
  name: z.string().trim().max(personaLimits.name).optional(),
  facts: z.array(z.string().trim().max(personaLimits.fact)).max(personaLimits.facts).default([]),
  mbti: z.union([mbtiSchema, z.literal('')]).optional(),
  worry: z.string().trim().max(personaLimits.worry).optional(),
  /** Two letters, '' to forget it; where it is not given, what was said before stays. */
  country: z
    .string()
    .refine((typed) => typed === '' || countryNamed(typed) !== null, 'two letters of a country (ISO 3166)')
    .optional(),
  /** Years; '' to forget them; where it is not given, what was said before stays. */
  age: z.union([z.literal(''), z.coerce.number().int().min(ageLimits.least).max(ageLimits.most)]).optional(),
});

/** A form as it was read: an empty country or age is one that is taken back ({@link savePersona}). */
export type GivenPersona = Omit<SeekerPersona, 'age'> & { readonly age?: number | '' };

/** Empty fields of a form are no fields, but for those that are taken back. */
export function cleanPersona({
  name,
  facts,
  mbti,
  worry,
  country,
  age,
}: z.infer<typeof personaSchema>): GivenPersona {
  return { ...withoutBlanks({ name, facts, mbti, worry, country }), ...(age !== undefined && { age }) };
}

function withoutBlanks({
  name,
  facts,
  mbti,
  worry,
  country,
}: Omit<z.infer<typeof personaSchema>, 'age'>): SeekerPersona {
  return {
    facts: facts.filter(Boolean),
    ...(name && { name }),
    ...(mbti && { mbti }),
    ...(worry && { worry }),
    ...(country !== undefined && { country: countryNamed(country) ?? '' }),
  };
}

/** The fields of a form on a chat platform, as typed: facts one a line, the type in any case. */
export interface PersonaForm {
  readonly name?: string;
  readonly facts?: string;
  readonly mbti?: string;
  readonly worry?: string;
}

/**
 * A form that a person filled in. Too many or too long lines are cut, not refused: nobody types a form twice. A type that is
 * none of the sixteen is left out.
 */
export function personaFromForm({
  name = '',
  facts = '',
  mbti = '',
  worry = '',
}: PersonaForm): SeekerPersona {
  const type = mbtiSchema.safeParse(mbti.trim().toUpperCase());
  return withoutBlanks({
    name: cut(name.replace(/\s+/g, ' '), personaLimits.name),
    facts: facts
      .split('\n')
      .map((line) => cut(line.replace(/^\s*[-*•]\s+/, ''), personaLimits.fact))
      .filter(Boolean)
      .slice(0, personaLimits.facts),
    mbti: type.success ? type.data : '',
    worry: cut(worry, personaLimits.worry),
  });
}

function cut(text: string, units: number): string {
  return text
    .trim()
    .slice(0, units)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();
}

/** Who a person has said they are; without facts where they said nothing. */
export async function readPersona(
  { store }: Pick<CommandServices, 'store'>,
  person: PersonId,
): Promise<SeekerPersona> {
  return (await store.people.profile(person))?.persona ?? { facts: [] };
}

/**
 * Saves who a person is and keeps the rest of their profile: also the country and the age they once named, where `persona`
 * holds none; with '' they go.
 */
export function savePersona(
  services: Pick<CommandServices, 'store' | 'clock'>,
  person: PersonId,
  { country: given, age: years, ...persona }: GivenPersona,
): Promise<Profile> {
  return changeProfile(services, person, (known) => {
    const country = given ?? known.persona.country;
    const age = years ?? known.persona.age;
    return {
      persona: { ...persona, ...(country && { country }), ...(age !== '' && age !== undefined && { age }) },
    };
  });
}

/**
 * Changes a profile; one that does not exist comes into being.
 * @param change what is kept → what takes its place; it may be called several times.
 * @returns what is kept then; an empty one where the person was erased meanwhile.
 */
export async function changeProfile(
  { store, clock }: Pick<CommandServices, 'store' | 'clock'>,
  person: PersonId,
  change: (known: Profile) => Partial<Pick<Profile, 'persona' | 'paused'>>,
): Promise<Profile> {
  const now = clock.now();
  const changed = await store.people.changeProfile(person, (found) => {
    const known = found ?? freshProfile(person, now);
    const { ageAt: saidAt, factsAt: _, ...profile } = { ...known, ...change(known), updatedAt: now };
    const { age, facts } = profile.persona;
    const ageAt = age === undefined ? undefined : age === known.persona.age ? (saidAt ?? now) : now;
    const factsAt = timesOf(facts, known, now);
    return {
      ...profile,
      ...(ageAt !== undefined && { ageAt }),
      ...(Object.keys(factsAt).length > 0 && { factsAt }),
    };
  });
  return changed ?? freshProfile(person, now);
}

/** When each fact of a form was first written into it; one that stood there before without a time gets none. */
function timesOf(facts: readonly string[], known: Profile, now: number): Record<string, number> {
  const before = new Set(known.persona.facts);
  return Object.fromEntries(
    facts.flatMap((fact) => {
      const at = before.has(fact) ? timeOf(fact, known.factsAt) : now;
      return at === undefined ? [] : [[fact, at]];
    }),
  );
}
