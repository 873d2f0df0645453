import { crc32, inflateSync } from 'node:zlib';
import { cardLimits } from './limits.js';
import { CardRefused } from './refused.js';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const textTypes = new Set(['tEXt', 'zTXt', 'iTXt']);
const assetPrefix = /^chara-ext-asset_:?/i;

export interface PngText {
  /** As it is written. */
  readonly keyword: string;
  readonly text: string;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

export function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).equals(signature);
}

/**
 * The texts of a PNG or APNG whose keyword is that of a card or of a file beside it, of all three types of text chunk: cards first,
 * `ccv3` before `chara`, then files, each in the order of the PNG. Of more than a card may have, the first.
 * @throws CardRefused for what unpacks to more than a card may hold.
 */
export function cardTextsOf(png: Buffer): PngText[] {
  const found = chunksOf(png).flatMap(({ type, data }) => {
    const keyword = textTypes.has(type) ? keywordOf(data) : '';
    return isCardKeyword(keyword) ? [{ type, data, keyword }] : [];
  });
  const called = (name: string): typeof found =>
    found.filter(({ keyword }) => keyword.toLowerCase() === name).slice(0, cardLimits.pngCards);
  const chosen = [
    ...[...called('ccv3'), ...called('chara')].slice(0, cardLimits.pngCards),
    ...found.filter(({ keyword }) => assetPrefix.test(keyword)).slice(0, cardLimits.assets),
  ];
  // Small chunks may unpack to much: what they come to together is bounded.
  let left: number = cardLimits.unpackedBytes;
  return chosen.flatMap(({ type, data, keyword }) => {
    const text = textOf(type, data.subarray(keyword.length + 1), left);
    if (type !== 'tEXt') left -= text?.length ?? 0;
    return text === null ? [] : [{ keyword, text }];
  });
}

/** A PNG without any text of a card, of every type and name, and with the given ones. */
export function pngWith(png: Buffer, texts: readonly PngText[]): Buffer {
  const kept = chunksOf(png).filter(
    ({ type, data }) => type !== 'IEND' && !(textTypes.has(type) && isCardKeyword(keywordOf(data))),
  );
  const added = texts.map(({ keyword, text }) => ({
    type: 'tEXt',
    data: Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), Buffer.from(text, 'latin1')]),
  }));
  return pngOf([...kept, ...added, { type: 'IEND', data: Buffer.alloc(0) }]);
}

/** A PNG of chunks. */
export function pngOf(chunks: readonly { readonly type: string; readonly data: Buffer }[]): Buffer {
  return Buffer.concat([
    signature,
    ...chunks.map(({ type, data }) => {
      const chunk = Buffer.alloc(data.length + 12);
      chunk.writeUInt32BE(data.length, 0);
      chunk.write(type, 4, 'latin1');
      data.copy(chunk, 8);
      chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
      return chunk;
    }),
  ]);
}

/** The path of a file that a PNG carries beside its card (`chara-ext-asset_:path`, with and without the colon). */
export function assetPathOf(keyword: string): string | null {
  return assetPrefix.test(keyword) ? keyword.replace(assetPrefix, '') : null;
}

function isCardKeyword(keyword: string): boolean {
  return /^(?:chara|ccv3)$/i.test(keyword) || assetPrefix.test(keyword);
}

/** What is cut short ends there. */
function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= png.length; ) {
    if (chunks.length >= cardLimits.chunks)
      throw new CardRefused('large', `it has more than ${cardLimits.chunks} parts`);
    const length = png.readUInt32BE(at);
    if (at + 12 + length > png.length) break;
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return chunks;
}

function keywordOf(data: Buffer): string {
  const end = data.subarray(0, 256).indexOf(0);
  return end < 0 ? '' : data.toString('latin1', 0, end);
}

/** @param rest what follows the keyword. Null where it is damaged. */
function textOf(type: string, rest: Buffer, most: number): string | null {
  if (type === 'tEXt') return rest.toString('latin1');
  if (type === 'zTXt')
    return rest[0] === 0 ? (inflated(rest.subarray(1), most)?.toString('latin1') ?? null) : null;
  const packed = rest[0] === 1;
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translated < 0) return null;
  const text = rest.subarray(translated + 1);
  return (packed ? inflated(text, most) : text)?.toString('utf8') ?? null;
}

function inflated(data: Buffer, most: number): Buffer | null {
  const maxOutputLength = Math.min(Math.ceil((cardLimits.cardBytes * 4) / 3), most);
  if (maxOutputLength < 1) throw new CardRefused('large', 'its texts unpack to too much');
  try {
    return inflateSync(data, { maxOutputLength });
  } catch (error) {
    if (error instanceof RangeError) throw new CardRefused('large', 'its text unpacks to too much');
    return null;
  }
}
