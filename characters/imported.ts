import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RapportError, reasonOf } from '../config/errors.js';
import { makeFolder } from '../config/folder.js';
import { iconOf } from './cards/assets.js';
import type { KeptCharacter } from './cards/export.js';
import { dataOf } from './cards/from-card.js';
import type { ImportedCharacter } from './cards/import.js';
import { plainValues, readJson } from './cards/json-text.js';
import { cardLimits } from './cards/limits.js';
import { pictureKind } from './cards/read-file.js';
import { nthId } from './id.js';
import { type Character, characterSchema } from './schema.js';

export interface StoredCharacter {
  readonly character: Character;
  /** Whose alone it is; null for one that everybody may choose. */
  readonly owner: string | null;
}

export interface ToAdd {
  /** Whose alone it is: its id cannot be guessed then. Null for one that everybody may choose. */
  readonly owner: string | null;
  /** Ids that others have. */
  readonly taken?: (id: string) => boolean;
  /** The id of an imported character that it takes the place of; it keeps that one's id and owner. */
  readonly replace?: string | undefined;
}

const aboutSchema = z.object({
  owner: z.string().nullable(),
  version: z.enum(['v1', 'v2', 'v3']).nullable(),
  /** Files beside the card: how it calls them. They lie here under their number. */
  files: z.array(z.string()),
});
const maxKept = 5_000;
/** How long the folder is taken to be as it was seen, ms. */
const staleMs = 500;

/**
 * The characters that were imported, a folder each below the data folder: `character.json` (ours, to be edited), the card as it came,
 * its picture and files. Several processes may share the folder; none of a card's words becomes a path.
 */
export class ImportedCharacters {
  #seen: readonly StoredCharacter[] = [];
  #seenAt = Number.NEGATIVE_INFINITY;
  #changedAt = -1;
  readonly #problems = new Map<string, string>();
  readonly #pictures = new Map<string, Buffer | null>();
  #pictureStamp = -1;

  constructor(readonly folder: string) {}

  /** All of them, the same list until something changes. One that cannot be read is left out; {@link problems} says why. */
  all(): readonly StoredCharacter[] {
    const now = performance.now();
    if (now - this.#seenAt < staleMs) return this.#seen;
    this.#seenAt = now;
    const changedAt = statSync(this.folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changedAt === this.#changedAt) return this.#seen;
    this.#changedAt = changedAt;
    this.#seen = this.#ids().flatMap((id) => this.#read(id) ?? []);
    return this.#seen;
  }

  /** What cannot be read, and why. */
  get problems(): readonly string[] {
    this.all();
    return [...this.#problems].map(([id, reason]) => `${join(this.folder, id)}: ${reason}`);
  }

  /** @throws RapportError RAPPORT_E_CARD_UNKNOWN where there is none to replace. */
  add(
    imported: Omit<ImportedCharacter, 'warnings'>,
    { owner, taken = () => false, replace }: ToAdd,
  ): StoredCharacter {
    makeFolder(this.folder);
    const before = replace === undefined ? null : this.#read(replace);
    if (replace !== undefined && !before) throw new RapportError('RAPPORT_E_CARD_UNKNOWN', { id: replace });
    const mark = owner === null ? '' : `-${randomBytes(9).toString('hex')}`;
    for (let nth = 1; ; nth += 1) {
      const { id: wanted } = imported.character;
      const id =
        replace ??
        (mark ? `${wanted.slice(0, 64 - mark.length).replace(/-+$/, '')}${mark}` : nthId(wanted, nth));
      if (replace === undefined && (taken(id) || existsSync(join(this.folder, id)))) continue;
      const stored: StoredCharacter = {
        character: { ...imported.character, id },
        owner: before ? before.owner : owner,
      };
      const draft = join(this.folder, `.${id}.${randomBytes(4).toString('hex')}`);
      try {
        write(draft, stored, imported);
        if (replace !== undefined) rmSync(join(this.folder, replace), { recursive: true, force: true });
        renameSync(draft, join(this.folder, id));
      } catch (error) {
        rmSync(draft, { recursive: true, force: true });
        // Another process was faster.
        if (replace === undefined && existsSync(join(this.folder, id)) && nth < maxKept) continue;
        throw error;
      }
      this.#forget();
      return stored;
    }
  }

  /** A character with what came with it. Undefined where there is none. */
  kept(id: string): KeptCharacter | undefined {
    const stored = this.#read(id);
    if (!stored) return undefined;
    const { version, files } = this.#about(id);
    const bytes = (name: string): Buffer | null => {
      const file = join(this.folder, id, name);
      return existsSync(file) ? readFileSync(file) : null;
    };
    const text = bytes('card.json');
    return {
      character: stored.character,
      card: version && text ? { version, text: text.toString('utf8') } : null,
      picture: bytes('picture.png'),
      files: new Map(
        files.flatMap((path, index) => {
          const file = bytes(`file-${index}`);
          return file ? [[path, file]] : [];
        }),
      ),
    };
  }

  /** What belongs to a person alone. */
  ownedBy(person: string): readonly StoredCharacter[] {
    return this.all().filter(({ owner }) => owner === person);
  }

  /** The picture a character came with, where it is one that browsers show; null where there is none. */
  picture(id: string): Buffer | null {
    this.all();
    if (this.#pictureStamp !== this.#changedAt || this.#pictures.size > 100) this.#pictures.clear();
    this.#pictureStamp = this.#changedAt;
    const known = this.#pictures.get(id);
    if (known !== undefined) return known;
    const kept = isId(id) ? this.kept(id) : undefined;
    const record = kept?.card ? (plainValues(readJson(kept.card.text)) as Record<string, unknown>) : {};
    const found = kept ? iconOf(kept, dataOf(record, kept.card?.version ?? 'v1')) : null;
    const shown =
      found && found.length <= cardLimits.pictureBytes && pictureKind(found) !== null ? found : null;
    this.#pictures.set(id, shown);
    return shown;
  }

  /** False where there was none. */
  remove(id: string): boolean {
    if (!isId(id) || !existsSync(join(this.folder, id))) return false;
    rmSync(join(this.folder, id), { recursive: true, force: true });
    this.#forget();
    return true;
  }

  #ids(): string[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder, { withFileTypes: true })
      .flatMap((entry) => (entry.isDirectory() && isId(entry.name) ? [entry.name] : []))
      .sort()
      .slice(0, maxKept);
  }

  #read(id: string): StoredCharacter | null {
    if (!isId(id) || !existsSync(join(this.folder, id))) return null;
    try {
      const given: unknown = JSON.parse(readFileSync(join(this.folder, id, 'character.json'), 'utf8'));
      const character = characterSchema.parse({ ...(given as object), id });
      this.#problems.delete(id);
      return { character, owner: this.#about(id).owner };
    } catch (error) {
      this.#problems.set(
        id,
        error instanceof z.ZodError ? (z.prettifyError(error).split('\n')[0] ?? '') : reasonOf(error),
      );
      return null;
    }
  }

  #about(id: string): z.infer<typeof aboutSchema> {
    return aboutSchema.parse(JSON.parse(readFileSync(join(this.folder, id, 'about.json'), 'utf8')));
  }

  #forget(): void {
    this.#seenAt = Number.NEGATIVE_INFINITY;
    this.#changedAt = -1;
  }
}

function isId(id: string): boolean {
  return characterSchema.shape.id.safeParse(id).success;
}

function write(
  folder: string,
  { character, owner }: StoredCharacter,
  { card, picture, files }: Omit<ImportedCharacter, 'warnings'>,
): void {
  mkdirSync(folder, { mode: 0o700 });
  const put = (name: string, content: string | Buffer): void =>
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  put('character.json', `${JSON.stringify(character, null, 2)}\n`);
  put(
    'about.json',
    `${JSON.stringify({ owner, version: card?.version ?? null, files: [...files.keys()] }, null, 2)}\n`,
  );
  if (card) put('card.json', card.text);
  if (picture) put('picture.png', picture);
  for (const [index, file] of [...files.values()].entries()) put(`file-${index}`, file);
}
