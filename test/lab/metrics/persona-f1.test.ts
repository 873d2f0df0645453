import { expect, it } from 'vitest';
import { personaF1 } from '../../../lab/evaluation/metrics.js';

const memory = 'You buried your brother, and the funeral was small.'; // buried, brother, funeral, small

it.each([
  ['I buried my brother.', 2 / 3], // both words of the reply, two of the four
  ['I am so sorry to hear that.', 0],
  ['', 0],
  ['My brother was buried; the funeral was small.', 1],
])('is, for "%s", %d', (reply, f1) => {
  expect(personaF1(reply, memory)).toBeCloseTo(f1, 9);
});
