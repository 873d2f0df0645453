import type { CharacterBank } from './bank.js';
import { isForAdults } from './cards/from-card.js';
import type { Character } from './schema.js';

/** Who wants to talk to a character. */
export interface Chooser {
  readonly person: string;
  /** Whether they have said that they are under 18. */
  readonly minor: boolean;
}

/** Whether somebody may talk to a character: not to one that belongs to another person, nor under 18 to one for adults. */
export function mayChoose(
  bank: Pick<CharacterBank, 'ownerOf'>,
  { id, tags, card }: Character,
  { person, minor }: Chooser,
): boolean {
  const owner = bank.ownerOf(id);
  return (owner === null || owner === person) && !(minor && card !== undefined && isForAdults(tags));
}

/** The bank as one person sees it: their own characters are found and first, nobody else's are. */
export function bankFor(bank: CharacterBank, person: string): CharacterBank {
  const own = bank.ownedBy(person);
  const called = (words: readonly string[], { name, shortName = '', tags }: Character): boolean => {
    const text = [name, shortName, ...tags].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return {
    ...bank,
    // The same list for everybody: who ranks characters keeps what it knows of a list by the list, and these are offered to nobody.
    all: bank.all,
    own,
    get: (id) => ([null, person].includes(bank.ownerOf(id)) ? bank.get(id) : undefined),
    search: (query) => {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      return [...own.filter((one) => called(words, one)), ...bank.search(query)];
    },
  };
}
