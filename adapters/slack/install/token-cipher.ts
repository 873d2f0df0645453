import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { RapportError } from '../../../config/errors.js';

const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Encrypts tokens at rest with AES-256-GCM (NIST SP 800-38D): a fresh 96-bit IV each time, and the name a value is stored
 * under as associated data, so that one workspace's token cannot be put in another's place.
 */
export class TokenCipher {
  readonly #keys: readonly [Key, ...Key[]];

  /**
   * @param secret 32 bytes in base64 or hexadecimal. Several, separated by commas, let a key be replaced: the first
   * encrypts, all of them decrypt.
   * @throws RapportError RAPPORT_E_SLACK_KEY
   */
  constructor(secret: string) {
    const [first, ...others] = secret
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(readKey);
    if (!first) throw new RapportError('RAPPORT_E_SLACK_KEY', { reason: 'it is empty' });
    this.#keys = [first, ...others];
  }

  encrypt(plain: string, name: string): string {
    const [{ id, bytes }] = this.#keys;
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', bytes, iv).setAAD(Buffer.from(name));
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return `v1.${id}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
  }

  /** @throws RapportError RAPPORT_E_SLACK_KEY when no key fits, or the value was changed or moved. */
  decrypt(sealed: string, name: string): string {
    const [, id, data = ''] = /^v1\.([0-9a-f]{8})\.([\w-]+)$/.exec(sealed) ?? [];
    const key = this.#keys.find((known) => known.id === id);
    if (!key)
      throw new RapportError('RAPPORT_E_SLACK_KEY', {
        reason: 'the stored tokens were encrypted with another key',
      });
    const bytes = Buffer.from(data, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(name))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString(
        'utf8',
      );
    } catch (error) {
      throw new RapportError('RAPPORT_E_SLACK_KEY', { reason: 'a stored token is damaged' }, error);
    }
  }
}

function readKey(text: string): Key {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : fromBase64(text);
  if (bytes.length !== keyBytes)
    throw new RapportError('RAPPORT_E_SLACK_KEY', {
      reason: `a key has ${keyBytes} bytes; this one has ${bytes.length}`,
    });
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

function fromBase64(text: string): Buffer {
  if (!/^[\w+/-]+={0,2}$/.test(text))
    throw new RapportError('RAPPORT_E_SLACK_KEY', { reason: 'it is neither base64 nor hexadecimal' });
  return Buffer.from(text, 'base64');
}
