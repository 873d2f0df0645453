import { RapportError } from '../config/errors.js';
import { KeyRing, keyIdOf } from '../src/key-ring.js';
import type { EncryptionState } from '../src/state/store.js';

/** What people's words are kept in. */
export type Kept = 'session' | 'entry' | 'inbox' | 'outbox' | 'profile' | 'memory' | 'platform';

/** In front of a text that is encrypted; no JSON begins so. */
const mark = 'e1.';

/** Noted beside the keys in use where texts may be kept as they are. */
const plainNote = 'plain';

const refusals = {
  keys: (reason: string) => new RapportError('RAPPORT_E_ENCRYPTION_KEY', { reason }),
  missing: (id: string) =>
    new RapportError('RAPPORT_E_DATA_ENCRYPTED', {
      reason: `with the key ${id}, which is not among those given`,
    }),
  damaged: (reason: string, cause?: unknown) =>
    new RapportError('RAPPORT_E_DATA_ENCRYPTED', { reason: `and a text cannot be read: ${reason}` }, cause),
};

/**
 * What both stores write people's words by: as they are, or encrypted where there is a key. What was written before there was
 * one is read all the same.
 */
export class StoredTexts {
  readonly #ring: KeyRing | null;

  /**
   * @param secret `RAPPORT_ENCRYPTION_KEY`: the key that encrypts and, behind commas, older ones that decrypt.
   * @throws RapportError RAPPORT_E_ENCRYPTION_KEY
   */
  constructor(secret: string | undefined) {
    this.#ring = secret === undefined ? null : new KeyRing(secret, refusals);
  }

  /** The id of the key that encrypts; null where texts are kept as they are. */
  get keyId(): string | null {
    return this.#ring?.newest ?? null;
  }

  /** @throws RapportError RAPPORT_E_ENCRYPTION_KEY where there is none. */
  requiredKeyId(): string {
    if (this.#ring) return this.#ring.newest;
    throw refusals.keys('it is not set');
  }

  /** @param owner the session, person or key it belongs to: a text cannot be put in another's place. */
  seal(text: string, kept: Kept, owner: string): string {
    return this.#ring ? mark + this.#ring.seal(text, placeOf(kept, owner)) : text;
  }

  /** @throws RapportError RAPPORT_E_DATA_ENCRYPTED when its key is missing, or it was changed or moved. */
  open(stored: string, kept: Kept, owner: string): string {
    if (!stored.startsWith(mark)) return stored;
    const sealed = stored.slice(mark.length);
    if (this.#ring) return this.#ring.open(sealed, placeOf(kept, owner));
    throw refusals.missing(keyIdOf(sealed) ?? 'of an unknown name');
  }

  /** A value as JSON. */
  write(value: unknown, kept: Kept, owner: string): string {
    return this.seal(JSON.stringify(value), kept, owner);
  }

  /** The value of what {@link write} made. @throws as {@link open} */
  read<T>(stored: string, kept: Kept, owner: string): T {
    return JSON.parse(this.open(stored, kept, owner)) as T;
  }

  /** A small value: numbers hold no words, and counters are counted where they are kept. */
  sealValue(value: string, key: string): string {
    return /^\d*$/.test(value) ? value : this.seal(value, 'platform', key);
  }

  /** The same text by the newest key; null where it is already written so. */
  renewed(stored: string, kept: Kept, owner: string): string | null {
    const id = this.keyId;
    if (id === null || stored.startsWith(`${mark}${id}.`)) return null;
    const text = this.open(stored, kept, owner);
    const next = kept === 'platform' ? this.sealValue(text, owner) : this.seal(text, kept, owner);
    return next === stored ? null : next;
  }

  /**
   * What is to be noted when a store is opened, so that it is never opened without a key that it needs.
   * @param noted what earlier ones noted. @param empty whether nothing is kept yet.
   * @throws RapportError RAPPORT_E_DATA_ENCRYPTED when one of those keys is missing.
   */
  notesAtStart(noted: readonly string[], empty: boolean): readonly string[] {
    const lacking = noted.find((id) => id !== plainNote && !this.#ring?.has(id));
    if (lacking !== undefined) throw refusals.missing(lacking);
    const id = this.keyId;
    if (id === null || noted.includes(id)) return [];
    return noted.length === 0 && !empty ? [id, plainNote] : [id];
  }
}

/** How what is kept is encrypted, as the notes tell it: the newest key, and whether something is kept otherwise. */
export function encryptionOf(texts: StoredTexts, noted: readonly string[]): EncryptionState | null {
  const key = texts.keyId;
  if (key === null) return null;
  const older = noted.some((id) => id !== key && id !== plainNote);
  return { key, older, plain: noted.includes(plainNote) };
}

function placeOf(kept: Kept, owner: string): string {
  return `${kept}\n${owner}`;
}
