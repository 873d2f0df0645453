import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../../../config/errors.js';
import type { Logger } from '../../../src/telemetry/logger.js';

const format = 1;
const headerSchema = z.object({
  format: z.literal(format),
  dimension: z.int().min(1),
  sha256: z.string(),
  hashes: z.array(z.string()),
});

/**
 * Vectors kept whole: the cosines of pooled BERT outputs differ in the third place, which eight bits do not hold. Layout:
 * one JSON line (format, dimension, sha256 of the rest, hashes), then the float32 values [n × dimension], little-endian. A
 * missing file is an empty cache; a damaged one too, with a warning: it is rebuilt.
 */
export async function readFloatCache(
  file: string,
  dimension: number,
  logger: Logger,
): Promise<Map<string, Float32Array>> {
  try {
    const bytes = await readFile(file);
    const end = bytes.indexOf('\n');
    const header = headerSchema.parse(JSON.parse(bytes.subarray(0, Math.max(0, end)).toString('utf8')));
    const payload = bytes.subarray(end + 1);
    if (header.dimension !== dimension) throw new Error(`${header.dimension} dimensions, not ${dimension}`);
    if (sha256(payload) !== header.sha256) throw new Error('the checksum differs');
    const values = new Float32Array(new Uint8Array(payload).buffer); // a copy is aligned
    return new Map(
      header.hashes.map((hash, row) => [hash, values.slice(row * dimension, (row + 1) * dimension)]),
    );
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      logger.warn({ file, reason: reasonOf(error) }, 'the vector cache cannot be read and is rebuilt');
    return new Map();
  }
}

/** Writes the cache in one step (a temporary file, then a rename); a failure costs the next start some time, no more. */
export async function writeFloatCache(
  file: string,
  vectors: ReadonlyMap<string, Float32Array>,
  dimension: number,
  logger: Logger,
): Promise<void> {
  const payload = Buffer.concat(
    [...vectors.values()].map(({ buffer, byteOffset, byteLength }) =>
      Buffer.from(buffer, byteOffset, byteLength),
    ),
  );
  const header = { format, dimension, sha256: sha256(payload), hashes: [...vectors.keys()] };
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

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
