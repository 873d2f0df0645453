import { isForAdults } from '../../characters/cards/from-card.js';
import { cardLimits } from '../../characters/cards/limits.js';
import { type ReadApart, readApart } from '../../characters/cards/read-apart.js';
import { CardRefused } from '../../characters/cards/refused.js';
import { bankFor } from '../../characters/choice.js';
import type { Character } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import type { Config } from '../../config/schema.js';
import { isMinor } from '../care/age.js';
import type { PersonId } from '../ids.js';
import type { CommandServices } from './command-services.js';

/** Where a person brings a character. */
export type ImportPlace = Exclude<keyof Config['characters']['imports'], 'perPerson'>;

export interface Bringing {
  readonly place: ImportPlace;
  readonly person: PersonId;
  /** Whether they manage the server or workspace they are in. */
  readonly manages?: boolean;
}

/** Whether a person may bring a character of their own. */
export function mayBring(
  { config, library }: Pick<CommandServices, 'config' | 'library'>,
  { place, manages = false }: Bringing,
): boolean {
  const who = config.characters.imports[place];
  return library !== undefined && (who === 'own' || (who === 'admins' && manages));
}

/** Whether a file may be a character, by its name: what is asked for before it is fetched. */
export function looksLikeCharacter({
  name,
  size,
}: {
  readonly name: string;
  readonly size: number;
}): boolean {
  return /\.(?:png|apng|json|charx|ya?ml)$/i.test(name) && size <= cardLimits.uploadBytes;
}

/**
 * Takes in the character of a file, for this person alone.
 * @param file as the person called it.
 * @throws RapportError RAPPORT_E_CARD_… saying why not.
 */
export async function bringCharacter(
  services: Pick<CommandServices, 'bank' | 'config' | 'library' | 'store' | 'clock'>,
  bringing: Bringing,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<{ readonly character: Character; readonly warnings: readonly string[] }> {
  const { config, library, bank, store, clock } = services;
  if (!library || !mayBring(services, bringing)) throw new RapportError('RAPPORT_E_CARD_REFUSED');
  const file = shown(name);
  const { perPerson } = config.characters.imports;
  if (library.ownedBy(bringing.person).length >= perPerson)
    throw new RapportError('RAPPORT_E_CARD_TOO_MANY', { limit: perPerson });
  const { first: found, others } = await readFor(file, bytes);
  if (!found) throw new RapportError('RAPPORT_E_CARD_NONE', { file, reason: 'it is empty' });
  const { adult } = config.characters;
  const minor = isMinor(await store.people.profile(bringing.person), clock.now());
  if (isForAdults(found.character.tags) && (!adult || minor))
    throw new RapportError('RAPPORT_E_CARD_ADULT', { file });
  // Counted again: several may have come at once.
  const stored = await library.add(found, {
    owner: bringing.person,
    taken: (id) => bank.get(id) !== undefined,
    limit: perPerson,
  });
  const more = others > 0 ? [`the file holds ${others} more; only the first was taken`] : [];
  return { character: stored.character, warnings: [...found.warnings, ...more] };
}

/** False where it is not theirs. */
export function removeCharacter(
  { library }: Pick<CommandServices, 'library'>,
  person: PersonId,
  id: string,
): boolean {
  const own = library?.ownedBy(person).some(({ character }) => character.id === id);
  return own === true && library?.remove(id) === true;
}

/** The services with the bank as one person sees it. */
export function withOwn<Services extends Pick<CommandServices, 'bank'>>(
  services: Services,
  person: string,
): Services {
  return { ...services, bank: bankFor(services.bank, person) };
}

async function readFor(file: string, bytes: Uint8Array): Promise<ReadApart> {
  try {
    if (bytes.byteLength > cardLimits.uploadBytes)
      throw new CardRefused(
        'large',
        `more than ${cardLimits.uploadBytes / 1_048_576} MiB are not taken in here`,
      );
    return await readApart(bytes);
  } catch (error) {
    throw error instanceof CardRefused ? error.about(file) : error;
  }
}

/** The name of a file, in one short line. */
function shown(name: string): string {
  const line = name
    .toWellFormed()
    .replace(/[\p{C}\s"]+/gu, ' ')
    .trim();
  return line.length > 60 ? `${line.slice(0, 59).toWellFormed()}…` : line || 'the file';
}
