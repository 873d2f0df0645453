import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import type { Logger } from '../../src/telemetry/logger.js';
import type { TextVectors } from './bank-vectors.js';

/** Raised when the meaning of the entries changes; a cache of an older format is rebuilt. */
const format = 2;

const headerSchema = z.object({
  format: z.literal(format),
  dimensions: z.int().min(1),
  sha256: z.string(),
  entries: z.array(z.object({ hash: z.string(), counts: z.array(z.int().min(0)) })),
});

/**
 * Reads cached vectors by hash. A missing file is an empty cache; a damaged one too, with a warning: it is rebuilt.
 * Layout: one JSON line (format, dimensions, sha256 of the rest, entries), then for each entry its float32 scales
 * [rows] and its int8 values [rows × dimensions], little-endian.
 */
export async function readVectorCache(
  file: string,
  dimensions: number,
  logger: Logger,
): Promise<Map<string, TextVectors>> {
  const bytes = await readFile(file).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      logger.warn({ file, reason: reasonOf(error) }, 'the vector cache cannot be read and is rebuilt');
    return null;
  });
  if (!bytes) return new Map();
  try {
    return parse(bytes, dimensions);
  } catch (error) {
    logger.warn({ file, reason: reasonOf(error) }, 'the vector cache is damaged and is rebuilt');
    return new Map();
  }
}

/** Writes the cache in one step (a temporary file, then a rename); a failure costs the next start some time, no more. */
export async function writeVectorCache(
  file: string,
  entries: readonly TextVectors[],
  dimensions: number,
  logger: Logger,
): Promise<void> {
  const payload = Buffer.concat(
    entries.flatMap(({ matrix: { scales, values } }) => [bytesOf(scales), bytesOf(values)]),
  );
  const header = {
    format,
    dimensions,
    sha256: sha256(payload),
    entries: entries.map(({ hash, counts }) => ({ hash, counts })),
  };
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

function parse(bytes: Buffer, dimensions: number): Map<string, TextVectors> {
  const end = bytes.indexOf('\n');
  const header = headerSchema.parse(JSON.parse(bytes.subarray(0, Math.max(0, end)).toString('utf8')));
  const payload = bytes.subarray(end + 1);
  if (header.dimensions !== dimensions) throw new Error(`${header.dimensions} dimensions, not ${dimensions}`);
  if (sha256(payload) !== header.sha256) throw new Error('the checksum differs');
  const found = new Map<string, TextVectors>();
  let at = 0;
  const take = (length: number): ArrayBuffer => {
    if (at + length > payload.length) throw new Error('it is cut short');
    const copy = new Uint8Array(payload.subarray(at, at + length)).buffer; // a copy is aligned
    at += length;
    return copy;
  };
  for (const { hash, counts } of header.entries) {
    const rows = 1 + counts.reduce((sum, count) => sum + count, 0);
    const scales = new Float32Array(take(rows * 4));
    const values = new Int8Array(take(rows * dimensions));
    found.set(hash, { hash, counts, matrix: { dimensions, scales, values } });
  }
  return found;
}

function bytesOf(array: Float32Array | Int8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
