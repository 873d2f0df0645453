import { lorebookOf } from '../../characters/cards/book.js';
import { isFields } from '../../characters/cards/fields.js';
import type { Lorebook } from '../../characters/lorebook.js';
import { RapportError } from '../../config/errors.js';
import type { PersonId } from '../ids.js';
import { freshProfile } from '../memory/profile.js';
import type { CommandServices } from './command-services.js';
import type { ExportFile } from './privacy.js';

/** The longest file that is read, UTF-16 units; the most entries of a person's own book, and keys of them all. */
export const lorebookUnits = 200_000;
const mostEntries = 200;
const mostKeys = 2_000;

/**
 * Reads a lorebook: Character Card V3's, a card's `character_book`, or a file of SillyTavern's World Info.
 * @throws RapportError RAPPORT_E_INPUT_TOO_LARGE, RAPPORT_E_ENTRY_REFUSED where it is none.
 */
export function readLorebook(text: string, say: CommandServices['say']): Lorebook {
  if (text.length > lorebookUnits)
    throw new RapportError('RAPPORT_E_INPUT_TOO_LARGE', { size: text.length, limit: lorebookUnits });
  const refuse = (): never => {
    throw new RapportError('RAPPORT_E_ENTRY_REFUSED', { reason: say('lorebook.unreadable') });
  };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return refuse();
  }
  const data = isFields(value) && isFields(value.data) ? value.data : value;
  const book = isFields(data) && isFields(data.character_book) ? data.character_book : data;
  if (!isFields(book) || book.entries === undefined) return refuse();
  const read = lorebookOf(book, () => undefined);
  if (!read || read.entries.length === 0) return refuse();
  if (read.entries.length > mostEntries)
    throw new RapportError('RAPPORT_E_ENTRY_REFUSED', {
      reason: say('lorebook.tooMany', { count: read.entries.length, limit: mostEntries }),
    });
  const keys = read.entries.reduce((sum, one) => sum + one.keys.length + one.secondary_keys.length, 0);
  if (keys > mostKeys)
    throw new RapportError('RAPPORT_E_ENTRY_REFUSED', {
      reason: say('lorebook.tooManyKeys', { count: keys, limit: mostKeys }),
    });
  return read;
}

/** Keeps a lorebook of a person's own, in place of the one before; it is told of in their private conversations. @returns its entries. @throws as {@link readLorebook} */
export async function saveLorebook(
  { store, clock, say }: Pick<CommandServices, 'store' | 'clock' | 'say'>,
  person: PersonId,
  text: string,
): Promise<number> {
  const lorebook = readLorebook(text, say);
  const now = clock.now();
  await store.people.changeProfile(person, (known) => ({
    ...(known ?? freshProfile(person, now)),
    lorebook,
  }));
  return lorebook.entries.length;
}

/** Takes a person's own lorebook away; false if there was none. */
export async function removeLorebook(
  { store }: Pick<CommandServices, 'store'>,
  person: PersonId,
): Promise<boolean> {
  const changed = await store.people.changeProfile(person, (known) => {
    if (!known?.lorebook) return null;
    const { lorebook: _, ...rest } = known;
    return rest;
  });
  return changed !== null;
}

/** A person's own lorebook as a file that {@link saveLorebook} reads; null where there is none. */
export async function exportLorebook(
  { store }: Pick<CommandServices, 'store'>,
  person: PersonId,
): Promise<ExportFile | null> {
  const lorebook = (await store.people.profile(person))?.lorebook;
  if (!lorebook) return null;
  return {
    name: 'rapport-lorebook.json',
    contentType: 'application/json',
    text: `${JSON.stringify(lorebook, null, 2)}\n`,
  };
}
