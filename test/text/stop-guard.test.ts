import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopGuard } from '../../src/text/stop-guard.js';

function run(
  stops: readonly string[],
  pieces: readonly string[],
  cut = false,
): { text: string; matched: string | null } {
  const guard = new StopGuard(stops);
  const text = pieces.map((piece) => guard.push(piece)).join('') + guard.flush(cut);
  return { text, matched: guard.matched };
}

describe('StopGuard', () => {
  it('cuts before a stop string that is split over chunks', () => {
    expect(run(['<|eot|>'], ['Hello.', '<|', 'eo', 't|', '>\nMan (spea'])).toEqual({
      text: 'Hello.',
      matched: '<|eot|>',
    });
  });

  it('shows at once what cannot become a stop string', () => {
    const guard = new StopGuard(['<SEEKER>', '\n\n']);
    expect(guard.push('a < b')).toBe('a < b');
    expect(guard.push('\n')).toBe('');
    expect(guard.push('c<SE')).toBe('\nc');
    expect(guard.push('A>')).toBe('<SEA>');
  });

  it('gives back a held beginning at the end of the text, and drops it where the text was cut off', () => {
    expect(run(['<|eot|>'], ['I <', '|'])).toEqual({ text: 'I <|', matched: null });
    expect(run(['<|eot|>'], ['I <', '|'], true)).toEqual({ text: 'I ', matched: null });
  });

  it('lets the stop string that is complete first win', () => {
    expect(run(['abcX', 'c'], ['1ab', 'c', 'X'])).toEqual({ text: '1ab', matched: 'c' });
    expect(run(['abcX', 'c'], ['1abcX'])).toEqual({ text: '1ab', matched: 'c' });
    expect(run(['bc', 'abc'], ['1abc'])).toEqual({ text: '1', matched: 'abc' });
  });

  it('ignores empty stop strings', () => {
    expect(run(['', 'x'], ['abc'])).toEqual({ text: 'abc', matched: null });
  });

  it('never shows a stop string, loses nothing before it, and does not depend on the chunks', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '<', '>'), maxLength: 24 });
    const stop = fc.string({ unit: fc.constantFrom('a', 'b', '<', '>'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 6 }),
        fc.array(stop, { minLength: 1, maxLength: 3 }),
        (pieces, stops) => {
          const whole = pieces.join('');
          const { text, matched } = run(stops, pieces);
          expect(run(stops, [...whole])).toEqual({ text, matched });
          expect(stops.some((each) => text.includes(each))).toBe(false);
          expect(whole.startsWith(text)).toBe(true);
          if (matched === null) expect(text).toBe(whole);
          else expect(whole.startsWith(text + matched)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
