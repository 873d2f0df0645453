import { describe, expect, it } from 'vitest';
import { Lanes } from '../../../../adapters/discord/intake/lanes.js';
import { gate } from '../../../session/world.js';

describe('Lanes', () => {
  it('runs what has one key in order, and other keys meanwhile', async () => {
    const lanes = new Lanes();
    const first = gate();
    const seen: string[] = [];
    lanes.run('a', async () => {
      await first.opened;
      seen.push('a1');
    });
    lanes.run('a', async () => {
      seen.push('a2');
    });
    lanes.run('b', async () => {
      seen.push('b1');
      first.open();
    });
    expect(lanes.isBusy('a')).toBe(true);
    await lanes.idle();
    expect(seen).toEqual(['b1', 'a1', 'a2']);
    expect(lanes.size).toBe(0);
  });
});
