import { deflateSync } from 'node:zlib';
import { pngOf } from '../cards/png.js';
import { type FaceOf, faceOf, type Shape } from './face.js';

/** Width and height, pixels, and samples a pixel is made of each way. */
const size = 256;
const samples = 2;

/** The drawn face of a character as a PNG of 256 by 256 pixels. */
export function facePng(who: FaceOf): Buffer {
  const wide = size * samples;
  const fine = Buffer.alloc(wide * wide * 3);
  for (const shape of faceOf(who)) paint(fine, wide, shape);
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      for (let part = 0; part < 3; part += 1) {
        let sum = 0;
        for (let dy = 0; dy < samples; dy += 1)
          for (let dx = 0; dx < samples; dx += 1)
            sum += fine[((y * samples + dy) * wide + x * samples + dx) * 3 + part] ?? 0;
        rows[y * (1 + size * 3) + 1 + x * 3 + part] = Math.round(sum / samples ** 2);
      }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return pngOf([
    { type: 'IHDR', data: head },
    { type: 'IDAT', data: deflateSync(rows) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

/** Row by row: where the row crosses the shape, it is filled. */
function paint(pixels: Buffer, wide: number, shape: Shape): void {
  const scale = wide / 100;
  const colour = Buffer.from(shape.fill.slice(1), 'hex');
  const ys =
    shape.kind === 'ellipse' ? [shape.y - shape.ry, shape.y + shape.ry] : shape.points.map(([, y]) => y);
  const first = Math.max(0, Math.floor(Math.min(...ys) * scale));
  const last = Math.min(wide - 1, Math.ceil(Math.max(...ys) * scale));
  for (let row = first; row <= last; row += 1) {
    const crossed = crossings(shape, (row + 0.5) / scale);
    for (let pair = 0; pair + 1 < crossed.length; pair += 2) {
      const from = Math.max(0, Math.round((crossed[pair] ?? 0) * scale));
      const to = Math.min(wide, Math.round((crossed[pair + 1] ?? 0) * scale));
      if (to > from) pixels.fill(colour, (row * wide + from) * 3, (row * wide + to) * 3);
    }
  }
}

function crossings(shape: Shape, y: number): number[] {
  if (shape.kind === 'ellipse') {
    const share = (y - shape.y) / shape.ry;
    if (Math.abs(share) >= 1) return [];
    const reach = shape.rx * Math.sqrt(1 - share * share);
    return [shape.x - reach, shape.x + reach];
  }
  const found = shape.points.flatMap(([x1, y1], index) => {
    const [x2, y2] = shape.points[(index + 1) % shape.points.length] ?? [x1, y1];
    return y1 <= y !== y2 <= y ? [x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)] : [];
  });
  return found.sort((a, b) => a - b);
}
