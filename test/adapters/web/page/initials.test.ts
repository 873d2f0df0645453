import { expect, test } from 'vitest';
import { initials } from '../../../../adapters/web/page/src/text/initials.js';

test.each([
  ['Maren Voss', 'MV'],
  ['Martin Luther King Jr.', 'MK'],
  ['Ludwig van Beethoven', 'LB'],
  ['Cleopatra', 'C'],
  ['ada (from the bakery)', 'A'],
  ['Old Tom [2]', 'OT'],
  ['Émile Östlund', 'ÉÖ'],
  ['É. 𝒜da', 'É𝒜'],
  ['42', ''],
  ['', ''],
])('F.2: the initials of %j are %j', (name, letters) => {
  expect(initials(name)).toBe(letters);
});
