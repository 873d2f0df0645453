import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import type { Logger } from '../../src/telemetry/logger.js';
import type { TextVectors } from './bank-vectors.js';

/** Raised when the meaning of the entries changes; a cache of an older format is rebuilt. */
const quantisedHeader = z.object({
  format: z.literal(2),
  dimensions: z.int().min(1),
  sha256: z.string(),
  entries: z.array(z.object({ hash: z.string(), counts: z.array(z.int().min(0)) })),
});
const wholeHeader = z.object({
  format: z.literal(1),
  dimension: z.int().min(1),
  sha256: z.string(),
  hashes: z.array(z.string()),
});

/**
 * Reads cached vectors by hash. After the header (see {@link readCache}) stand for each entry its float32 scales [rows] and
 * its int8 values [rows × dimensions], little-endian.
 */
export async function readVectorCache(
  file: string,
  dimensions: number,
  logger: Logger,
): Promise<Map<string, TextVectors>> {
  const cached = await readCache(file, logger, (header, payload) => {
    const { sha256, dimensions: found, entries } = quantisedHeader.parse(header);
    check(payload, sha256, found, dimensions);
    const vectors = new Map<string, TextVectors>();
    let at = 0;
    const take = (length: number): ArrayBuffer => {
      if (at + length > payload.length) throw new Error('it is cut short');
      const copy = aligned(payload.subarray(at, at + length));
      at += length;
      return copy;
    };
    for (const { hash, counts } of entries) {
      const rows = 1 + counts.reduce((sum, count) => sum + count, 0);
      const scales = new Float32Array(take(rows * 4));
      const values = new Int8Array(take(rows * dimensions));
      vectors.set(hash, { hash, counts, matrix: { dimensions, scales, values } });
    }
    return vectors;
  });
  return cached ?? new Map();
}

export function writeVectorCache(
  file: string,
  entries: readonly TextVectors[],
  dimensions: number,
  logger: Logger,
): Promise<void> {
  const payload = Buffer.concat(
    entries.flatMap(({ matrix: { scales, values } }) => [bytesOf(scales), bytesOf(values)]),
  );
  const header = {
    format: 2,
    dimensions,
    sha256: sha256(payload),
    entries: entries.map(({ hash, counts }) => ({ hash, counts })),
  };
  return writeCache(file, header, payload, logger);
}

/**
 * Reads vectors that were kept whole: the cosines of pooled BERT outputs differ in the third place, which eight bits do not
 * hold. After the header stand the float32 values [n × dimension], little-endian.
 */
export async function readFloatCache(
  file: string,
  dimension: number,
  logger: Logger,
): Promise<Map<string, Float32Array>> {
  const cached = await readCache(file, logger, (header, payload) => {
    const { sha256, dimension: found, hashes } = wholeHeader.parse(header);
    check(payload, sha256, found, dimension);
    const values = new Float32Array(aligned(payload));
    return new Map(hashes.map((hash, row) => [hash, values.slice(row * dimension, (row + 1) * dimension)]));
  });
  return cached ?? new Map();
}

export function writeFloatCache(
  file: string,
  vectors: ReadonlyMap<string, Float32Array>,
  dimension: number,
  logger: Logger,
): Promise<void> {
  const payload = Buffer.concat([...vectors.values()].map(bytesOf));
  const header = { format: 1, dimension, sha256: sha256(payload), hashes: [...vectors.keys()] };
  return writeCache(file, header, payload, logger);
}

/**
 * A cache is one JSON line, which holds the sha256 of the rest, then the rest. A missing file is an empty cache (null); a
 * damaged one too, with a warning: it is rebuilt.
 */
async function readCache<T>(
  file: string,
  logger: Logger,
  parse: (header: unknown, payload: Buffer) => T,
): Promise<T | null> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      logger.warn({ file, reason: reasonOf(error) }, 'the vector cache cannot be read and is rebuilt');
    return null;
  });
  if (!bytes) return null;
  try {
    const end = bytes.indexOf('\n');
    const header: unknown = JSON.parse(bytes.subarray(0, Math.max(0, end)).toString('utf8'));
    return parse(header, bytes.subarray(end + 1));
  } catch (error) {
    logger.warn({ file, reason: reasonOf(error) }, 'the vector cache is damaged and is rebuilt');
    return null;
  }
}

/** Writes the cache in one step (a temporary file, then a rename); a failure costs the next start some time, no more. */
async function writeCache(file: string, header: object, payload: Buffer, logger: Logger): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), payload]));
    await rename(temporary, file);
  } catch (error) {
    logger.warn({ file, reason: reasonOf(error) }, 'the vector cache cannot be written');
    await rm(temporary, { force: true });
  }
}

function check(payload: Buffer, checksum: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${found} dimensions, not ${wanted}`);
  if (sha256(payload) !== checksum) throw new Error('the checksum differs');
}

/** A copy, which is aligned for numbers of any width. */
function aligned(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
