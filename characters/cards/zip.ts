import { buffer as whole } from 'node:stream/consumers';
import { type Entry, fromBufferPromise, type ZipFile as ZipReader } from 'yauzl';
import { ZipFile } from 'yazl';
import { cardLimits } from './limits.js';
import { CardRefused } from './refused.js';

const endMark = Buffer.from('PK\x05\x06', 'latin1');
/** A zip says nothing of when it was made: the same character makes the same bytes. */
const mtime = new Date(Date.UTC(1980, 0, 1));

/** Whether bytes are a zip, or begin with something else and end in one. */
export function isZip(bytes: Buffer): boolean {
  return bytes.lastIndexOf(endMark) >= Math.max(0, bytes.length - 65_557);
}

/**
 * The files of a zip by their path. Their real bytes are counted while they are unpacked, whatever their headers say.
 * @throws CardRefused for a zip that is damaged, locked, too large or names files outside itself.
 */
export async function readZip(bytes: Buffer): Promise<Map<string, Buffer>> {
  let reader: ZipReader;
  try {
    reader = await fromBufferPromise(withoutStub(bytes), { lazyEntries: true });
  } catch {
    throw new CardRefused('invalid', 'its zip is damaged');
  }
  if (reader.entryCount > cardLimits.zipEntries)
    throw new CardRefused('large', `its zip has more than ${cardLimits.zipEntries} files`);
  const files = new Map<string, Buffer>();
  let room: number = cardLimits.allBytes;
  try {
    for await (const entry of reader.eachEntry()) {
      if (entry.fileName.endsWith('/') || files.has(entry.fileName)) continue;
      if (files.size >= cardLimits.zipEntries)
        throw new CardRefused('large', `its zip has more than ${cardLimits.zipEntries} files`);
      const file = await unpacked(reader, entry, Math.min(room, cardLimits.assetBytes));
      room -= file.length;
      files.set(entry.fileName, file);
    }
  } catch (error) {
    if (error instanceof CardRefused) throw error;
    throw new CardRefused('invalid', 'its zip is damaged');
  }
  return files;
}

/** A zip of files, the same bytes for the same files. */
export async function writeZip(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, file] of files)
    zip.addBuffer(file, path, { mtime, mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  return whole(zip.outputStream as NodeJS.ReadableStream & AsyncIterable<Buffer>);
}

async function unpacked(reader: ZipReader, entry: Entry, most: number): Promise<Buffer> {
  if (entry.isEncrypted()) throw new CardRefused('invalid', 'its zip is locked with a password');
  if (entry.uncompressedSize > most) throw tooMuch();
  const allowed = Math.min(most, Math.max(1_048_576, entry.compressedSize * cardLimits.ratio));
  if (entry.uncompressedSize > allowed) throw tooMuch();
  const stream = await reader.openReadStreamPromise(entry);
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > allowed) throw tooMuch();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooMuch(): CardRefused {
  return new CardRefused('large', 'a file in its zip unpacks to too much');
}

/** A zip may follow something else, whose length its offsets do not count. */
function withoutStub(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf(endMark);
  if (end < 0 || end + 22 > bytes.length) return bytes;
  const size = bytes.readUInt32LE(end + 12);
  const offset = bytes.readUInt32LE(end + 16);
  const stub = end - size - offset;
  return offset !== 0xffffffff && stub > 0 && stub < bytes.length ? bytes.subarray(stub) : bytes;
}
