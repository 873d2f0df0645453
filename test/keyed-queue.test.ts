import { describe, expect, it } from 'vitest';
import { KeyedQueue } from '../src/keyed-queue.js';
import { gate } from './session/world.js';

describe('KeyedQueue', () => {
  it('runs what has one key in order, and other keys meanwhile', async () => {
    const queue = new KeyedQueue();
    const first = gate();
    const seen: string[] = [];
    queue.run('a', async () => {
      await first.opened;
      seen.push('a1');
    });
    queue.run('a', async () => {
      seen.push('a2');
    });
    queue.run('b', async () => {
      seen.push('b1');
      first.open();
    });
    expect(queue.isBusy('a')).toBe(true);
    await queue.idle();
    expect(seen).toEqual(['b1', 'a1', 'a2']);
    expect(queue.size).toBe(0);
  });
});
