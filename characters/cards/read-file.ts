import { parseDocument } from 'yaml';
import { readJson, writeJson } from './json-text.js';
import { cardLimits } from './limits.js';
import { assetPathOf, cardTextsOf, isPng, type PngText } from './png.js';
import { CardRefused } from './refused.js';
import { isZip, readZip } from './zip.js';

/** What a file holds, before anybody looks at what its characters say. */
export interface ReadFile {
  readonly records: readonly FileRecord[];
  /** Files beside the card, by the path it calls them by. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** The picture the card came in. */
  readonly picture: Buffer | null;
  readonly warnings: readonly string[];
}

export interface FileRecord {
  readonly value: Readonly<Record<string, unknown>>;
  /** As it was written; null where it was no JSON. */
  readonly text: string | null;
}

const noFiles: ReadonlyMap<string, Buffer> = new Map();

/**
 * Reads a file by what it is, not by how it is called: a PNG or APNG, a zip (CHARX), JSON, JSON Lines or YAML.
 * @param patient whether YAML may take seconds: an operator's own may be long.
 * @throws CardRefused
 */
export async function readCardFile(bytes: Buffer, patient: boolean): Promise<ReadFile> {
  if (bytes.length > cardLimits.fileBytes)
    throw new CardRefused('large', `it has more than ${cardLimits.fileBytes / 1_048_576} MiB`);
  if (isPng(bytes)) return fromPng(bytes);
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return fromZip(bytes);
  const picture = pictureKind(bytes);
  if (picture !== null) {
    if (isZip(bytes)) return fromZip(bytes);
    throw new CardRefused('none', `it is a picture (${picture}) and no PNG, so no card is in it`);
  }
  if (isZip(bytes)) return fromZip(bytes);
  return fromText(decoded(bytes), patient);
}

/** What kind of picture bytes are, by their first ones; null for none that is shown. */
export function pictureKind(bytes: Buffer): 'png' | 'jpg' | 'webp' | 'gif' | 'avif' | null {
  if (isPng(bytes)) return 'png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpg';
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'webp';
  if (head.startsWith('GIF8')) return 'gif';
  return head.slice(4, 12) === 'ftypavif' ? 'avif' : null;
}

function fromPng(bytes: Buffer): ReadFile {
  const texts = cardTextsOf(bytes);
  const files = new Map<string, Buffer>();
  let room: number = cardLimits.allBytes;
  for (const { keyword, text } of texts) {
    const path = assetPathOf(keyword);
    if (path === null) continue;
    const file = Buffer.from(text, 'base64');
    room -= file.length;
    if (room < 0 || file.length > cardLimits.assetBytes)
      throw new CardRefused('large', 'the files beside its card are too many');
    files.set(path, file);
  }
  const warnings: string[] = [];
  let refused: CardRefused | null = null;
  for (const found of texts.filter(({ keyword }) => assetPathOf(keyword) === null)) {
    try {
      const text = cardText(found);
      const value = recordOf(readJson(text));
      return { records: [{ value, text }], files, picture: bytes, warnings };
    } catch (error) {
      if (!(error instanceof CardRefused)) throw error;
      refused ??= error;
      warnings.push(`the card in ${found.keyword} cannot be read: ${error.message}`);
    }
  }
  throw refused ?? new CardRefused('none', 'it is a picture without a card');
}

/** Base64 of UTF-8; some programs write the JSON itself. */
function cardText({ text }: PngText): string {
  const bytes = text.trimStart().startsWith('{') ? Buffer.from(text, 'utf8') : Buffer.from(text, 'base64');
  return decoded(bytes);
}

async function fromZip(bytes: Buffer): Promise<ReadFile> {
  const all = await readZip(bytes);
  const card = all.get('card.json');
  if (!card) throw new CardRefused('none', 'its zip has no card.json');
  const text = decoded(card);
  const value = recordOf(readJson(text));
  const files = new Map([...all].filter(([path]) => path !== 'card.json'));
  return { records: [{ value, text }], files, picture: null, warnings: [] };
}

function fromText(text: string, patient: boolean): ReadFile {
  const start = text.trimStart();
  const records =
    start.startsWith('{') || start.startsWith('[')
      ? jsonRecords(text)
      : [{ value: yamlRecord(text, patient), text: null }];
  return { records, files: noFiles, picture: null, warnings: [] };
}

/** One object, a list of them, or one a line. */
function jsonRecords(text: string): FileRecord[] {
  let value: unknown;
  try {
    value = readJson(text);
  } catch (error) {
    const lines = text.split('\n', cardLimits.records * 2).filter((line) => line.trim() !== '');
    if (lines.length < 2 || !lines.slice(0, 2).every(isObjectLine)) throw error;
    return counted(lines).map((line) => ({ value: recordOf(readJson(line)), text: line }));
  }
  if (!Array.isArray(value)) return [{ value: recordOf(value), text }];
  return counted(value).map((one) => ({ value: recordOf(one), text: writeJson(one) }));
}

function isObjectLine(line: string): boolean {
  try {
    return typeof readJson(line) === 'object';
  } catch {
    return false;
  }
}

function counted<T>(records: readonly T[]): readonly T[] {
  if (records.length > cardLimits.records)
    throw new CardRefused('large', `it has more than ${cardLimits.records} characters`);
  if (records.length === 0) throw new CardRefused('none', 'it has no character');
  return records;
}

function yamlRecord(text: string, patient: boolean): Readonly<Record<string, unknown>> {
  if (!patient && (text.length > cardLimits.yamlBytes || marksIn(text) > cardLimits.yamlMarks))
    throw new CardRefused(
      'large',
      `its YAML has more than ${cardLimits.yamlBytes / 1_024} KiB or ${cardLimits.yamlMarks} entries`,
    );
  // Line by line: one pattern over all of them would try each beginning with each end.
  const hasKey = text
    .slice(0, 4_000)
    .split('\n')
    .some((line) => /^\s{0,8}["']?\w[\w ]{0,40}["']?\s{0,3}:/.test(line));
  if (!hasKey || tooNested(text))
    throw new CardRefused('none', 'it is no card, no zip, no JSON and no YAML of a character');
  try {
    // Looking for keys that are told twice takes time by the square of their number.
    const document = parseDocument(text, { prettyErrors: false, merge: false, uniqueKeys: false });
    const [first] = document.errors;
    if (first) throw new CardRefused('invalid', `it is not YAML: ${first.message.split('\n')[0] ?? ''}`);
    return recordOf(document.toJS({ maxAliasCount: 50 }));
  } catch (error) {
    if (error instanceof CardRefused) throw error;
    throw new CardRefused('invalid', 'it is not YAML');
  }
}

/** What may begin or end an entry of YAML; prose has few of them. */
function marksIn(text: string): number {
  return text.match(/[\n,:[{&*]/g)?.length ?? 0;
}

/** Brackets or indentation that would lead a reader deeper than any character goes. */
function tooNested(text: string): boolean {
  return (
    new RegExp(`[[{](?:\\s{0,4}[[{]){${cardLimits.nesting}}`).test(text) ||
    new RegExp(`(?:[-?:] {1,4}){${cardLimits.nesting}}`).test(text)
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CardRefused('none', 'it holds no character');
  return value as Readonly<Record<string, unknown>>;
}

function decoded(bytes: Buffer): string {
  if (bytes.length > cardLimits.cardBytes)
    throw new CardRefused('large', `its text has more than ${cardLimits.cardBytes / 1_048_576} MiB`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CardRefused('none', 'it is no card: neither a picture, nor a zip, nor text (UTF-8)');
  }
}
