import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopScanner } from '../../../inference/embedded/stop-scanner.js';

describe('StopScanner', () => {
  it('stops at a string that comes in pieces', () => {
    const scanner = new StopScanner(['<SEEKER>', '</s>']);
    expect(['Hi', ' <', 'SEE', 'KER', '> more'].map((piece) => scanner.push(piece)).join('')).toBe('Hi ');
    expect([scanner.stopped, scanner.finish()]).toEqual(['<SEEKER>', '']);
  });

  it('gives back what only looked like a stop', () => {
    const scanner = new StopScanner(['<SEEKER>']);
    expect(scanner.push('a <SEE')).toBe('a ');
    expect(scanner.push('N> b')).toBe('<SEEN> b');
    expect(scanner.push(' <SEEKER')).toBe(' ');
    expect([scanner.finish(), scanner.stopped]).toEqual(['<SEEKER', null]);
  });

  it('cuts any text in any pieces at the first stop', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '<', '>'), maxLength: 5 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const scanner = new StopScanner(['<a>', 'bb']);
        const shown = pieces.map((text) => scanner.push(text)).join('') + scanner.finish();
        const whole = pieces.join('');
        const ends = ['<a>', 'bb'].map((stop) => whole.indexOf(stop)).filter((at) => at >= 0);
        expect(shown).toBe(ends.length > 0 ? whole.slice(0, Math.min(...ends)) : whole);
      }),
    );
  });
});
