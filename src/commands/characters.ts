import { greetingFor } from '../../characters/played.js';
import { type Character, displayName } from '../../characters/schema.js';
import type { CommandServices } from './command-services.js';
import { type Choice, choiceUnits } from './steer.js';

export interface FoundCharacters {
  /** How many fit, beyond those handed back. */
  readonly total: number;
  readonly characters: readonly Character[];
}

/** The characters that fit every word (name, job, region, tags, personality, what they help with), best first; all of them for ''. */
export function findCharacters(
  { bank }: Pick<CommandServices, 'bank'>,
  words: string,
  limit: number,
  offset = 0,
): FoundCharacters {
  const found = bank.search(words.slice(0, 200));
  return { total: found.length, characters: found.slice(offset, offset + limit) };
}

/** The character a person means: by id, else by name or short name in any case; undefined where nobody or several are meant. */
export function namedCharacter(
  { bank }: Pick<CommandServices, 'bank'>,
  typed: string,
): Character | undefined {
  const key = typed.trim().toLowerCase();
  const called = ({ name, shortName }: Character): boolean =>
    name.toLowerCase() === key || shortName?.toLowerCase() === key;
  const byName = (): Character | undefined => {
    const found = [...(bank.own ?? []), ...bank.all].filter(called);
    return found.length === 1 ? found[0] : found.find(({ name }) => name.toLowerCase() === key);
  };
  return key === '' ? undefined : (bank.get(key) ?? byName());
}

/** Rows of an autocomplete list of characters: name and job, and the id. */
export function characterChoices(
  services: Pick<CommandServices, 'bank'>,
  typed: string,
  limit = 25,
): Choice[] {
  return findCharacters(services, typed, limit).characters.map(({ id, name, persona }) => ({
    name: [name, persona.job].filter(Boolean).join(', ').slice(0, choiceUnits).toWellFormed(),
    value: id,
  }));
}

/** What a person is shown of a character. Statements and memories stay inside. */
export interface CharacterCard {
  readonly id: string;
  readonly name: string;
  /** How they are called in passing. */
  readonly shortName: string;
  /** An emoji or the address of a picture. */
  readonly avatar: string;
  /** One line: age, job, where from, temperament. May be empty. */
  readonly who: string;
  /** What they are like, in a few words. May be empty. */
  readonly personality: string;
  /** What they help with. May be empty. */
  readonly helpsWith: string;
  readonly tags: readonly string[];
  /** What they say first. May be empty. */
  readonly greeting: string;
}

export function characterCard(character: Character): CharacterCard {
  const { id, name, shortName, avatar, mbti, persona, helpsWith } = character;
  return {
    id,
    name,
    shortName: displayName({ name, shortName }),
    avatar,
    who: [persona.age, persona.job, persona.region, mbti].filter(Boolean).join(' · '),
    personality: persona.personality ?? '',
    helpsWith,
    tags: character.tags.map((tag) => tag.replaceAll('-', ' ')),
    greeting: greetingFor(character, { user: '', seed: id }),
  };
}
