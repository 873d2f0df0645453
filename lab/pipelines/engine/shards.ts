import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { RapportError } from '../../../config/errors.js';

/** Writes a file that is whole or not there: a temporary one, fsync, rename, fsync of the folder. */
export function writeWhole(file: string, parts: Iterable<string>): void {
  const temporary = `${file}.tmp`;
  const handle = openSync(temporary, 'w');
  try {
    for (const part of parts) writeSync(handle, part);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
  syncFolder(dirname(file));
}

/**
 * What a run has so far, in the folder `<out>.parts`: a shard for each finished item, and of unfinished ones the answers that
 * came. A process that is killed loses at most the answers that were still under way.
 */
export class Shards {
  readonly #folder: string;

  /** @throws RapportError RAPPORT_E_USAGE where the folder holds a run of another step, seed or version */
  constructor(
    readonly out: string,
    run: { readonly step: string; readonly seed: number; readonly version: string },
  ) {
    this.#folder = `${out}.parts`;
    mkdirSync(this.#folder, { recursive: true });
    const stamp = `${JSON.stringify(run)}\n`;
    const file = join(this.#folder, 'run.json');
    if (!existsSync(file)) writeWhole(file, [stamp]);
    else if (readFileSync(file, 'utf8') !== stamp)
      throw new RapportError('RAPPORT_E_USAGE', {
        reason: `${this.#folder} holds an unfinished run with another step, seed, model or version of the prompts. Name another --out, or remove that folder.`,
        command: 'pipeline',
      });
  }

  finish(id: string, line: string): void {
    writeWhole(this.#path(id, 'item.json'), [`${line}\n`]);
    rmSync(this.#path(id, 'answers.jsonl'), { force: true });
  }

  /** Answers that an unfinished item already has, in order. A last line that was not written to its end is left out. */
  answers(id: string): { readonly request: string; readonly answer: string | null }[] {
    const file = this.#path(id, 'answers.jsonl');
    if (!existsSync(file)) return [];
    const text = readFileSync(file, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== text) writeWhole(file, [whole]);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  keepAnswer(id: string, request: string, answer: string | null): void {
    const file = this.#path(id, 'answers.jsonl');
    appendFileSync(file, `${JSON.stringify({ request, answer })}\n`);
    const handle = openSync(file, 'r+');
    fsyncSync(handle);
    closeSync(handle);
  }

  /** An item that failed is asked anew by the next run. */
  forgetAnswers(id: string): void {
    rmSync(this.#path(id, 'answers.jsonl'), { force: true });
  }

  /** Writes the result file in the order of the input; the shards go once it is on the disk. */
  merge(lines: readonly string[], { complete }: { readonly complete: boolean }): void {
    writeWhole(
      this.out,
      lines.map((line) => `${line}\n`),
    );
    if (complete) rmSync(this.#folder, { recursive: true, force: true });
  }

  #path(id: string, kind: string): string {
    return join(this.#folder, `${createHash('sha256').update(id).digest('hex').slice(0, 32)}.${kind}`);
  }
}

/** Finished items of a run by id: those of the result file, then those of shards. */
export function finishedLines(out: string, idOf: (row: never) => string): Map<string, string> {
  const found = new Map<string, string>();
  const folder = `${out}.parts`;
  const lines = existsSync(out) ? readFileSync(out, 'utf8').split('\n') : [];
  const shards = existsSync(folder) ? readdirSync(folder).sort() : [];
  for (const name of shards)
    if (name.endsWith('.item.json')) lines.push(readFileSync(join(folder, name), 'utf8').trim());
  for (const line of lines) if (line !== '') found.set(idOf(JSON.parse(line) as never), line);
  return found;
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
