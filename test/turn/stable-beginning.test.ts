import { expect, it } from 'vitest';
import { temporaryStore, World } from '../session/world.js';

it('D.6, row 28: the oldest lines of a long conversation leave the prompt a block at a time', async () => {
  const { store, dispose } = await temporaryStore();
  try {
    const historyTurns = 16;
    const w = new World(store, { turn: { historyTurns } });
    await w.open('maren-voss');
    const oldest: string[] = [];
    for (let n = 10; n < 50; n += 1) {
      await w.tell(`line ${n}.`);
      const told = w.model.prompt.match(/line \d+/g) ?? [];
      oldest.push(told[0] ?? '');
      expect(told.length).toBeGreaterThanOrEqual(Math.min(n - 9, historyTurns / 2));
      expect(told.length).toBeLessThanOrEqual(historyTurns / 2 + 3);
    }
    expect(oldest.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 'line 10'));
    expect(new Set(oldest).size).toBeLessThanOrEqual(18);
  } finally {
    await dispose();
  }
});
