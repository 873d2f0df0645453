import { expect, test } from 'vitest';
import { traceText } from '../../../adapters/terminal/trace-text.js';

test('a trace reads as a line a stage with what it chose below', () => {
  const text = traceText({
    totalMs: 12.5,
    stages: [
      { stage: 'care', ms: 0.1, decision: { crisis: null } },
      {
        stage: 'memory',
        ms: 1.25,
        decision: {
          kind: 'encoder',
          chosen: [{ aspect: 'hobby', text: 'x'.repeat(200), score: 0.123456 }],
          attributes: {},
        },
      },
    ],
  });
  expect(text.split('\n')).toEqual([
    'care      0.1 ms',
    'memory    1.25 ms  kind encoder',
    `    chosen: aspect hobby, “${'x'.repeat(89)}…”, score 0.123`,
    'total     12.5 ms',
  ]);
});
