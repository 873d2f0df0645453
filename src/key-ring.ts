import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** How an owner of keys words that they, or a value, cannot be used. */
export type KeyRefusal = (reason: string, cause?: unknown) => Error;

/** What cannot be opened: the key it names is not among those given, or it was changed or moved. */
export interface KeyRefusals {
  /** The keys themselves. */
  readonly keys: KeyRefusal;
  /** @param id of the key that is missing. */
  readonly missing: (id: string) => Error;
  readonly damaged: KeyRefusal;
}

/**
 * Encrypts texts at rest with AES-256-GCM (NIST SP 800-38D): a fresh 96-bit IV each time, and the name of the place a value is
 * kept in as associated data, so that none can be put in another's place. A sealed text is `<key id>.<base64url>`.
 */
export class KeyRing {
  readonly #keys: readonly [Key, ...Key[]];
  readonly #refusals: KeyRefusals;

  /**
   * @param secret 32 bytes in base64 or hexadecimal. Several, separated by commas, let a key be replaced: the first
   * encrypts, all of them decrypt.
   * @throws what `refusals.keys` makes of a key that is none.
   */
  constructor(secret: string, refusals: KeyRefusals) {
    this.#refusals = refusals;
    const [first, ...others] = secret
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map((part) => readKey(part, refusals.keys));
    if (!first) throw refusals.keys('it is empty');
    this.#keys = [first, ...others];
  }

  /** The key that encrypts: the beginning of its SHA-256. */
  get newest(): string {
    return this.#keys[0].id;
  }

  has(id: string): boolean {
    return this.#keys.some((key) => key.id === id);
  }

  seal(plain: string, place: string): string {
    const [{ id, bytes }] = this.#keys;
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', bytes, iv).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `${id}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** @throws what the refusals make of a missing key or a damaged value. */
  open(sealed: string, place: string): string {
    const id = keyIdOf(sealed);
    if (id === null) throw this.#refusals.damaged('it is no encrypted text');
    const key = this.#keys.find((known) => known.id === id);
    if (!key) throw this.#refusals.missing(id);
    const bytes = Buffer.from(sealed.slice(id.length + 1), 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString(
        'utf8',
      );
    } catch (error) {
      throw this.#refusals.damaged('it was changed or moved', error);
    }
  }
}

/** The id of the key a sealed text names; null where it is none. */
export function keyIdOf(sealed: string): string | null {
  return /^([0-9a-f]{8})\.[\w-]+$/.exec(sealed)?.[1] ?? null;
}

function readKey(text: string, refuse: KeyRefusal): Key {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : fromBase64(text, refuse);
  if (bytes.length !== keyBytes) throw refuse(`a key has ${keyBytes} bytes; this one has ${bytes.length}`);
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

function fromBase64(text: string, refuse: KeyRefusal): Buffer {
  if (!/^[\w+/-]+={0,2}$/.test(text)) throw refuse('it is neither base64 nor hexadecimal');
  return Buffer.from(text, 'base64');
}
