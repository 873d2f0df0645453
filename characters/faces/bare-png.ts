/** What a PNG says beside its picture: texts, a card among them, and where and with what it was taken. */
const telling = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf']);
const signatureBytes = 8;
/** Length, type and checksum of a chunk. */
const frameBytes = 12;

/** A PNG or APNG without its texts, its EXIF and what stands behind its end; what is shown stays byte for byte. */
export function barePng(png: Buffer): Buffer {
  const kept = [png.subarray(0, signatureBytes)];
  for (let at = signatureBytes; at + frameBytes <= png.length; ) {
    const end = at + frameBytes + png.readUInt32BE(at);
    if (end > png.length) break;
    const type = png.toString('latin1', at + 4, at + 8);
    if (!telling.has(type)) kept.push(png.subarray(at, end));
    if (type === 'IEND') break;
    at = end;
  }
  return Buffer.concat(kept);
}
