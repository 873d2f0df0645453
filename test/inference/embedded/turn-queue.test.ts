import { describe, expect, it } from 'vitest';
import { TurnQueue } from '../../../inference/embedded/turn-queue.js';

const forever = new AbortController().signal;

describe('TurnQueue', () => {
  it('lets one through at a time, in order', async () => {
    const queue = new TurnQueue();
    const order: number[] = [];
    const visit = async (name: number): Promise<void> => {
      const leave = await queue.enter(forever);
      order.push(name);
      await Promise.resolve();
      order.push(name);
      leave();
      leave(); // a second time changes nothing
    };
    await Promise.all([visit(1), visit(2), visit(3)]);
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('lets a waiting caller leave at once, and the others keep their places', async () => {
    const queue = new TurnQueue();
    const leave = await queue.enter(forever);
    const giving = new AbortController();
    const second = queue.enter(giving.signal);
    const third = queue.enter(forever);
    giving.abort(new Error('stopped by the person'));
    await expect(second).rejects.toThrow('stopped by the person');
    expect(queue.length).toBe(1);
    leave();
    (await third)();
    (await queue.enter(forever))();
  });

  it('refuses who has already given up', async () => {
    await expect(new TurnQueue().enter(AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
  });
});
