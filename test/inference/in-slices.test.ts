import { describe, expect, it } from 'vitest';
import { countInSlices } from '../../inference/in-slices.js';

describe('counting in slices (issue 14, E.1)', () => {
  it.each([
    ['dots', '.'.repeat(1_000_000)],
    ['one word', 'a'.repeat(1_000_000)],
    ['zalgo', 'z\u0351\u0352\u0353'.repeat(100_000)],
    ['emoji', '\u{1F642}'.repeat(100_000)],
    ['CJK', '\u4f60\u597d'.repeat(100_000)],
    ['words', 'some words here '.repeat(30_000)],
  ])('%s: everything is counted once, a little at a time, and others get their turn', async (_name, text) => {
    const slices: string[] = [];
    let turns = 0;
    let counting = true;
    const others = (): void => {
      turns += 1;
      if (counting) setImmediate(others);
    };
    setImmediate(others);
    const total = await countInSlices(text, (slice) => {
      slices.push(slice);
      return slice.length;
    });
    counting = false;
    expect(total).toBe(text.length);
    expect(slices.join('')).toBe(text);
    expect(Math.max(...slices.map(({ length }) => length))).toBeLessThanOrEqual(2_000);
    expect(slices.every((slice) => slice.isWellFormed())).toBe(true);
    expect(turns).toBeGreaterThanOrEqual(slices.length - 1);
  });

  it('counts a usual prompt whole, and words to the token', async () => {
    const words = (slice: string): number => slice.split(/\s+/).filter(Boolean).length;
    const whole: string[] = [];
    await countInSlices('x'.repeat(8_000), (slice) => whole.push(slice));
    expect(whole).toHaveLength(1);
    expect(await countInSlices('some words here '.repeat(3_000), words)).toBe(9_000);
  });
});
