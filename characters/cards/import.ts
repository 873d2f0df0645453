import { idFrom } from '../id.js';
import { inlineCharacter } from '../inline-character.js';
import type { Lorebook } from '../lorebook.js';
import { nameLine } from '../name-line.js';
import { type Character, characterSchema } from '../schema.js';
import { iconOf } from './assets.js';
import { lorebookOf } from './book.js';
import { isFields } from './fields.js';
import { type CardVersion, cardVersion, dataOf, fromCard } from './from-card.js';
import { plainValues } from './json-text.js';
import { cardLimits } from './limits.js';
import { type FileRecord, pictureKind, readCardFile } from './read-file.js';
import { CardRefused } from './refused.js';

/** A character that was read from a file, with what belongs to it. */
export interface ImportedCharacter {
  readonly character: Character;
  /** The card as it was written; null where it was none. */
  readonly card: { readonly version: CardVersion; readonly text: string } | null;
  /** The PNG the card came in. */
  readonly picture: Buffer | null;
  /** What is shown of it in place of that picture. */
  readonly icon?: Buffer;
  /** Files beside the card, by the path it calls them by. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** What was not as it should be, in plain English. */
  readonly warnings: readonly string[];
}

const maxWarnings = 40;
const noFiles: ReadonlyMap<string, Buffer> = new Map();

/**
 * The characters of a file: Character Cards V1 to V3 (JSON, PNG or APNG, CHARX), CharacterChat's records, Rapport's own YAML and JSON.
 * @param trusted whether the file is the operator's own: else it chooses no model and is offered to nobody.
 * @throws CardRefused for what is none, is damaged or is too large.
 */
export async function readCharacters(bytes: Buffer, trusted: boolean): Promise<readonly ImportedCharacter[]> {
  const { records, files, picture, warnings } = await readCardFile(bytes, trusted);
  const one = records.length === 1 || files.size > 0 || picture;
  const beside = one ? { picture, files } : { picture: null, files: noFiles };
  return (one ? records.slice(0, 1) : records).map((record) => ({
    ...fromRecord(record, trusted, warnings, beside),
    ...beside,
  }));
}

/**
 * A lorebook in a file of its own: Character Card V3's (`lorebook_v3`), that of a card, or SillyTavern's, with entries as a list or an object.
 * @throws CardRefused
 */
export async function readLorebook(
  bytes: Buffer,
): Promise<{ readonly lorebook: Lorebook; readonly warnings: readonly string[] }> {
  const { records } = await readCardFile(bytes, true);
  const warnings: string[] = [];
  const value = plainValues(records[0]?.value) as Readonly<Record<string, unknown>>;
  const data = isFields(value.data) ? value.data : value;
  const book = isFields(data.character_book) ? data.character_book : data;
  const lorebook = 'entries' in book ? lorebookOf(book, (warning) => warnings.push(warning)) : undefined;
  if (!lorebook) throw new CardRefused('none', warnings[0] ?? 'it holds no lorebook');
  return { lorebook, warnings };
}

function fromRecord(
  { value, text }: FileRecord,
  trusted: boolean,
  before: readonly string[],
  beside: Pick<ImportedCharacter, 'picture' | 'files'>,
): Omit<ImportedCharacter, 'picture' | 'files'> {
  const warnings = new Set(before);
  const warn = (warning: string): void => {
    if (warnings.size < maxWarnings) warnings.add(warning);
  };
  const record = plainValues(value) as Readonly<Record<string, unknown>>;
  if (record.spec === 'lorebook_v3')
    throw new CardRefused('none', 'it is a lorebook and no character; --lorebook-of names whose it becomes');
  const version = cardVersion(record);
  if (version !== null) {
    const character = characterOfCard(record, version, warn);
    const card = { version, text: text ?? JSON.stringify(value) };
    const icon = iconOf(beside, dataOf(record, version));
    const shown = icon !== beside.picture && isShown(icon) && { icon };
    return { character, card, ...shown, warnings: [...warnings] };
  }
  const { character: found, problems } = inlineCharacter(record);
  if (!found) {
    const [first = ''] = problems;
    if (first.startsWith('character.name:')) throw new CardRefused('invalid', 'it has no name');
    throw new CardRefused(
      'invalid',
      `${first.replace(/^character\./, '')}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`,
    );
  }
  const character = named(found);
  if (JSON.stringify(character).length > cardLimits.textUnits * 4)
    throw new CardRefused('large', 'its texts are too long');
  return { character: trusted ? character : modest(character), card: null, warnings: [...warnings] };
}

/** Whether a picture is one that browsers show, and not too large to be shown. */
function isShown(picture: Buffer | null): picture is Buffer {
  return picture !== null && picture.length <= cardLimits.pictureBytes && pictureKind(picture) !== null;
}

/** The character of a card. @throws CardRefused */
export function characterOfCard(
  record: Readonly<Record<string, unknown>>,
  version: CardVersion,
  warn: (text: string) => void,
): Character {
  const read = fromCard(record, version, warn);
  return named(ownAgain(record, read) ?? read);
}

/** Its names are one line each: they stand among the rules of a prompt. */
function named(character: Character): Character {
  const { name, shortName } = character;
  const line = nameLine(name, 'Nameless', cardLimits.nameUnits);
  return { ...character, name: line, ...(shortName && { shortName: nameLine(shortName, line, 60) }) };
}

/**
 * The whole character of a card that Rapport wrote (`extensions.rapport`): what it has no place for in a card. What was changed
 * in the card since then is as the card says.
 */
function ownAgain(record: Readonly<Record<string, unknown>>, read: Character): Character | null {
  const data = isFields(record.data) ? record.data : {};
  const extensions = isFields(data.extensions) ? data.extensions : {};
  const own = isFields(extensions.rapport) ? extensions.rapport : {};
  if (!isFields(own.character) || !isFields(own.written)) return null;
  const parsed = characterSchema.safeParse({ ...own.character, id: idFrom(read.name) });
  if (!parsed.success || JSON.stringify(parsed.data).length > cardLimits.textUnits * 4) return null;
  const written = own.written;
  const kept = modest(parsed.data);
  const same = (key: string): boolean => JSON.stringify(written[key]) === JSON.stringify(data[key]);
  return {
    ...kept,
    ...(read.card && { card: read.card }),
    lorebook: kept.lorebook ? read.lorebook : undefined,
    name: read.name,
    ...(!same('nickname') && { shortName: read.shortName }),
    ...(!same('description') && { supporterStatement: read.supporterStatement }),
    ...(!same('first_mes') && { greeting: read.greeting }),
    ...(!same('tags') && { tags: read.tags }),
  };
}

/** Without what a stranger may not decide: which model plays it, and that it is offered to people. Its texts count as those of a card. */
function modest({ model: _, ...character }: Character): Character {
  const card = character.card ?? characterSchema.shape.card.parse({});
  // An address would be fetched by whoever shows it.
  const avatar = /^[a-z]+:/i.test(character.avatar)
    ? characterSchema.shape.avatar.parse(undefined)
    : character.avatar;
  return { ...character, kind: 'supporter', matchable: false, avatar, ...(card && { card }) };
}
