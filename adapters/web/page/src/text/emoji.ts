const known = new Map<string, boolean>();

/**
 * Whether this machine can draw `text` as a colour emoji. Where it cannot (a system without an emoji font), initials
 * are shown instead of an empty box.
 */
export function drawsEmoji(text: string): boolean {
  const before = known.get(text);
  if (before !== undefined) return before;
  const drawn = test(text);
  known.set(text, drawn);
  return drawn;
}

function test(text: string): boolean {
  const canvas = document.createElement('canvas');
  canvas.width = 24;
  canvas.height = 24;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (pen === null) return true;
  pen.font = '18px sans-serif';
  pen.fillStyle = '#000';
  pen.fillText(text, 1, 19);
  const { data } = pen.getImageData(0, 0, 24, 24);
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== 0 || data[at + 1] !== 0 || data[at + 2] !== 0) return true;
  }
  return false;
}
