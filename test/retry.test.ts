import { describe, expect, it } from 'vitest';
import { retry } from '../src/retry.js';

describe('retry', () => {
  it('tries until something succeeds, and says how often it was tried', async () => {
    const asked: [unknown, number][] = [];
    let tries = 0;
    const result = await retry(
      async () => {
        tries += 1;
        if (tries < 3) throw new Error(`failure ${tries}`);
        return 'done';
      },
      async (error, after) => {
        asked.push([error, after]);
        return true;
      },
    );
    expect(result).toBe('done');
    expect(asked).toEqual([
      [new Error('failure 1'), 1],
      [new Error('failure 2'), 2],
    ]);
  });

  it('throws the last failure where it is not tried again', async () => {
    let tries = 0;
    const work = async (): Promise<never> => {
      tries += 1;
      throw new Error(`failure ${tries}`);
    };
    await expect(retry(work, (_, after) => after < 2)).rejects.toThrow('failure 2');
    expect(tries).toBe(2);
  });
});
