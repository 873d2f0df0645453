import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBank } from '../../../characters/bank.js';
import { faceOf } from '../../../characters/faces/face.js';
import { hairs, skins } from '../../../characters/faces/look.js';
import { packageRoot } from '../../../config/root.js';

const fills = (who: Parameters<typeof faceOf>[0]): readonly string[] => faceOf(who).map(({ fill }) => fill);

describe('a drawn face', () => {
  it('is the same for the same id, and another for another', () => {
    expect(faceOf({ id: 'mia' })).toEqual(faceOf({ id: 'mia' }));
    expect(faceOf({ id: 'mia' })).not.toEqual(faceOf({ id: 'ben' }));
  });

  it.each(['a', 'b', 'c', 'd'])('agrees with what its card says of its look: %s', (id) => {
    const look = { skin: 'deep', hair: 'red', cut: 'up', beard: false, glasses: true } as const;
    const drawn = fills({ id, persona: { gender: 'female', age: '70' }, look });
    expect(drawn).toEqual(expect.arrayContaining([skins.deep, hairs.red]));
    expect(drawn.some((fill) => [hairs.grey, skins.pale].includes(fill as never))).toBe(false);
    expect(fills({ id, look: { skin: 'pale', hair: 'none' } })).not.toContain(hairs.black);
  });

  it('is that of whom the card describes, for everybody who is shipped', () => {
    for (const { id, look, selfAnswers } of loadBank([join(packageRoot, 'characters/bank')]).all) {
      expect([id, look?.skin, look?.hair]).toEqual([id, expect.any(String), expect.any(String)]);
      // Nobody says that there is nothing to see where a drawing is.
      expect([id, (selfAnswers.looks ?? []).join(' ')]).toEqual([id, expect.stringMatching(/draw|sketch/)]);
    }
  });
});
