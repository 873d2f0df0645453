import type { Character } from '../../characters/schema.js';
import type { SeekerPersona } from '../memory/profile.js';

/** What troubles the person, as one text; their facts where nothing does. */
export function worryText(seeker: SeekerPersona): string {
  return seeker.worry?.trim() || seeker.facts.join(' ');
}

/** All that is known of a person, as one text. */
export function wholeText(seeker: SeekerPersona): string {
  return [seeker.worry?.trim() ?? '', ...seeker.facts].filter(Boolean).join(' ');
}

/** What a character has lived through: tags, help line and the memories that tell of hard times. */
export function experienceText(character: Character): string {
  const { memory } = character;
  return [
    character.tags.join(', '),
    character.helpsWith,
    memory.growth_experience,
    memory.emotional_state,
    memory.family_relationship,
    memory.additional_information,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What a character spends their days with. */
export function everydayText(character: Character): string {
  const { memory, persona } = character;
  return [persona.job, memory.hobby, memory.working_conditions, memory.living_conditions]
    .filter(Boolean)
    .join(' ');
}

/** Aspects whose memories tell of hard times and how somebody came through. */
export const livedAspects = [
  'growth_experience',
  'emotional_state',
  'family_relationship',
  'social_relationship',
] as const;
