import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planShards, shardOf } from '../../../../adapters/discord/gateway/gateway.js';

describe('planShards', () => {
  it.each([
    ['auto', 3, { ids: [0, 1, 2], count: 3 }],
    ['auto', 0, { ids: [0], count: 1 }],
    [2, 7, { ids: [0, 1], count: 2 }],
    ['2', 7, { ids: [0, 1], count: 2 }],
    ['0-2/8', 1, { ids: [0, 1, 2], count: 8 }],
    ['5,0,2-3/6', 1, { ids: [0, 2, 3, 5], count: 6 }],
  ] as const)('reads %s', (shards, recommended, plan) => {
    expect(planShards(shards, recommended)).toEqual(plan);
  });

  it('refuses a shard that does not exist', () => {
    expect(() => planShards('0-4/4', 1)).toThrow(/shard 4 does not exist among 4/);
  });
});

describe('shardOf', () => {
  it('is Discord’s formula: (guild >> 22) mod count, and shard 0 for direct messages', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 63n), fc.integer({ min: 1, max: 64 }), (guild, count) => {
        expect(shardOf(String(guild), count)).toBe(Number((guild / 4_194_304n) % BigInt(count)));
      }),
    );
    expect(shardOf(undefined, 16)).toBe(0);
  });
});
