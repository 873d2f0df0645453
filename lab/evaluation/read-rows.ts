import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { z } from 'zod';
import { RapportError, reasonOf } from '../../config/errors.js';

/** More are counted, not listed. */
const maxProblems = 10;

/** A row with where it stands. */
export interface Row<T> {
  readonly value: T;
  /** `file:line`, for messages. */
  readonly place: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Reads a JSON Lines file, plain or gzip (by its first bytes); blank lines are passed over.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE; RAPPORT_E_INPUT_INVALID naming the bad lines as `file:line: reason`, or
 *   a file without a row.
 */
export async function readRows<T>(file: string, schema: z.ZodType<T>): Promise<Row<T>[]> {
  const rows: Row<T>[] = [];
  const problems: string[] = [];
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (text.trim() === '') continue;
    const place = `${file}:${number}`;
    const read = parse(text, schema);
    if ('problem' in read) problems.push(`${place}: ${read.problem}`);
    else rows.push({ value: read.value, place, line: number });
  }
  if (problems.length > 0) throw invalidRows(problems);
  if (rows.length === 0) throw invalidRows([`${file}: there is no row in it`]);
  return rows;
}

/** RAPPORT_E_INPUT_INVALID with the first problems, one a line. */
export function invalidRows(problems: readonly string[]): RapportError {
  const more = problems.length - maxProblems;
  const shown = [...problems.slice(0, maxProblems), ...(more > 0 ? [`and ${more} more`] : [])];
  return new RapportError('RAPPORT_E_INPUT_INVALID', { problems: shown.join('\n  ') });
}

function parse<T>(line: string, schema: z.ZodType<T>): { readonly value: T } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return { problem: `not JSON (${reasonOf(error)})` };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.map(String).join('.') || '(row)'}: ${issue?.message ?? 'not valid'}` };
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    const zipped = await isGzip(file);
    const bytes = createReadStream(file);
    const text = zipped ? bytes.pipe(createGunzip()) : bytes;
    bytes.on('error', (error) => text.destroy(error));
    yield* createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
}

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: 1 })) {
    const head: Buffer = chunk;
    return head[0] === 0x1f && head[1] === 0x8b;
  }
  return false;
}
