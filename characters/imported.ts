import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RapportError, reasonOf } from '../config/errors.js';
import { makeFolder } from '../config/folder.js';
import type { KeptCharacter } from './cards/export.js';
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
  /** How many its owner may have with this one. */
  readonly limit?: number;
}

/** What is kept of one character of a person. */
export interface OwnedCharacter {
  /** The name of its folder. */
  readonly id: string;
  /** As it is kept; its text where that cannot be read; null where there is none, or no room for it. */
  readonly character: unknown;
  /** The text of its card as it came; null likewise. */
  readonly card: string | null;
  /** What is kept, by the names of its files, and the bytes of each. */
  readonly files: Readonly<Record<string, number>>;
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
  /** What was read of each, and what its file was like then. */
  #read = new Map<string, { readonly stamp: string; readonly stored: StoredCharacter | null }>();
  /** Whose each folder is, those of drafts and damaged ones too; it never changes. */
  readonly #owners = new Map<string, string | null>();
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
    const before = this.#read;
    this.#read = new Map(
      this.#ids().map((id) => {
        const stamp = this.#stampOf(id);
        const known = before.get(id);
        return [id, known?.stamp === stamp ? known : { stamp, stored: this.#readOne(id) }];
      }),
    );
    this.#seen = [...this.#read.values()].flatMap(({ stored }) => stored ?? []);
    return this.#seen;
  }

  /** What cannot be read, and why. */
  get problems(): readonly string[] {
    this.all();
    return [...this.#problems].map(([id, reason]) => `${join(this.folder, id)}: ${reason}`);
  }

  /**
   * @throws RapportError RAPPORT_E_CARD_UNKNOWN where there is none to replace; RAPPORT_E_CARD_TOO_MANY beyond `limit`, also where
   * several come at once.
   */
  async add(
    imported: KeptCharacter,
    { owner, taken = () => false, replace, limit }: ToAdd,
  ): Promise<StoredCharacter> {
    makeFolder(this.folder);
    const refuseBeyond = (most: number): void => {
      if (owner === null || limit === undefined) return;
      if (this.#foldersOf(owner).filter(isId).length > most)
        throw new RapportError('RAPPORT_E_CARD_TOO_MANY', { limit });
    };
    const before = replace === undefined ? null : this.#readOne(replace);
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
        await write(draft, stored, imported);
        refuseBeyond((limit ?? 0) - 1);
        if (replace !== undefined) rmSync(join(this.folder, replace), { recursive: true, force: true });
        renameSync(draft, join(this.folder, id));
      } catch (error) {
        rmSync(draft, { recursive: true, force: true });
        // Another process was faster.
        if (replace === undefined && existsSync(join(this.folder, id)) && nth < maxKept) continue;
        throw error;
      }
      this.#forget();
      try {
        refuseBeyond(limit ?? 0);
      } catch (error) {
        // Another process was faster.
        this.remove(id);
        throw error;
      }
      return stored;
    }
  }

  /** A character with what came with it. Undefined where there is none. */
  kept(id: string): KeptCharacter | undefined {
    const stored = this.#readOne(id);
    if (!stored) return undefined;
    const { version, files } = this.#about(id);
    const bytes = (name: string): Buffer | null => {
      const file = join(this.folder, id, name);
      return existsSync(file) ? readFileSync(file) : null;
    };
    const text = bytes('card.json');
    const icon = bytes('icon');
    return {
      character: stored.character,
      card: version && text ? { version, text: text.toString('utf8') } : null,
      picture: bytes('picture.png'),
      ...(icon && { icon }),
      files: new Map(
        files.flatMap((path, index) => {
          const file = bytes(`file-${index}`);
          return file ? [[path, file]] : [];
        }),
      ),
    };
  }

  /** What belongs to a person alone, of what can be read. */
  ownedBy(person: string): readonly StoredCharacter[] {
    return this.all().filter(({ owner }) => owner === person);
  }

  /**
   * Everything that is kept of a person's own characters, what is damaged and what an upload left unfinished too.
   * @param most bytes of all their texts together; what is beyond is named and left out.
   */
  everythingOf(person: string, most: number): readonly OwnedCharacter[] {
    let room = most;
    return this.#foldersOf(person).map((id) => {
      const folder = join(this.folder, id);
      const files = Object.fromEntries(
        readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]),
      );
      const text = (name: string): string | null => {
        const size = files[name];
        if (size === undefined || size > room) return null;
        room -= size;
        return readFileSync(join(folder, name), 'utf8');
      };
      const character = text('character.json');
      return { id, character: character && parsed(character), card: text('card.json'), files };
    });
  }

  /** Removes everything that {@link everythingOf} tells. @returns how many characters that were. */
  removeOf(person: string): number {
    const folders = this.#foldersOf(person);
    for (const name of folders) rmSync(join(this.folder, name), { recursive: true, force: true });
    if (folders.length > 0) this.#forget();
    return folders.length;
  }

  /** The picture a character came with, where it is one that browsers show; null where there is none. */
  picture(id: string): Buffer | null {
    this.all();
    if (this.#pictureStamp !== this.#changedAt || this.#pictures.size > 100) this.#pictures.clear();
    this.#pictureStamp = this.#changedAt;
    const known = this.#pictures.get(id);
    if (known !== undefined) return known;
    const [found] = isId(id)
      ? ['icon', 'picture.png'].map((name) => join(this.folder, id, name)).filter(existsSync)
      : [];
    const small = found !== undefined && statSync(found).size <= cardLimits.pictureBytes;
    const picture = small ? readFileSync(found) : null;
    const shown = picture && pictureKind(picture) !== null ? picture : null;
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

  /** Folders that are a person's, also of drafts, and where what is in them cannot be read. */
  #foldersOf(person: string): string[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && this.#ownerOf(entry.name) === person ? [entry.name] : [],
    );
  }

  /** Undefined where nobody can say. */
  #ownerOf(folder: string): string | null | undefined {
    const known = this.#owners.get(folder);
    if (known !== undefined) return known;
    try {
      const { owner } = this.#about(folder);
      this.#owners.set(folder, owner);
      return owner;
    } catch {
      return undefined;
    }
  }

  #stampOf(id: string): string {
    const file = statSync(join(this.folder, id, 'character.json'), { throwIfNoEntry: false });
    return file ? `${file.ino} ${file.mtimeMs} ${file.size}` : '';
  }

  #readOne(id: string): StoredCharacter | null {
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whose it is comes first: what is cut off can be found for them. */
async function write(
  folder: string,
  { character, owner }: StoredCharacter,
  { card, picture, icon, files }: KeptCharacter,
): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  const put = (name: string, content: string | Buffer): Promise<void> =>
    writeFile(join(folder, name), content, { mode: 0o600 });
  await put(
    'about.json',
    `${JSON.stringify({ owner, version: card?.version ?? null, files: [...files.keys()] }, null, 2)}\n`,
  );
  await put('character.json', `${JSON.stringify(character, null, 2)}\n`);
  if (card) await put('card.json', card.text);
  if (picture) await put('picture.png', picture);
  if (icon) await put('icon', icon);
  for (const [index, file] of [...files.values()].entries()) await put(`file-${index}`, file);
}
