import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Watermark } from '../../../../adapters/discord/gateway/stored-session.js';

describe('Watermark', () => {
  it('never passes an event that is not done, and reaches the last one when all are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ needsWork: fc.boolean(), endsAfter: fc.nat(20) }), { maxLength: 60 }),
        (events) => {
          const mark = new Watermark(100);
          const open = new Map<number, { readonly at: number; readonly done: () => void }>();
          events.forEach(({ needsWork, endsAfter }, n) => {
            const sequence = 101 + n;
            if (needsWork) open.set(sequence, { at: n + endsAfter, done: mark.begin(sequence) });
            else mark.begin(sequence)();
            for (const [number, { at, done }] of open)
              if (at <= n) {
                done();
                open.delete(number);
              }
            const first = Math.min(...open.keys());
            expect(mark.done).toBe(open.size > 0 ? first - 1 : sequence);
          });
          for (const { done } of open.values()) done();
          expect(mark.done).toBe(100 + events.length);
        },
      ),
    );
  });

  it('is not moved back by an event that comes late or twice', () => {
    const mark = new Watermark(5);
    mark.begin(7)();
    mark.begin(6)();
    mark.begin(3)();
    expect(mark.done).toBe(7);
  });
});
