import { afterEach, describe, expect, it } from 'vitest';
import type { Character } from '../../characters/schema.js';
import { FallbackStrategyPlanner, type StrategyPlanner } from '../../src/guidance/strategy-planner.js';
import type { Facets } from '../../src/matching/facets.js';
import { FallbackPersonaScorer, type PersonaScorer } from '../../src/matching/persona-scorer.js';
import { FallbackMemorySelector, type MemorySelector } from '../../src/memory/memory-selector.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { silentLogger } from '../../src/telemetry/logger.js';

const warnings: string[] = [];
afterEach(() => warnings.splice(0));
const logger: Logger = {
  ...silentLogger,
  warn: (_fields: unknown, text?: string) => warnings.push(text ?? ''),
};
const memory = { aspect: 'hobby', text: 'You paint.', score: 1 };
const selector = (kind: string, fails: boolean): MemorySelector => ({
  kind,
  select: async () => {
    if (fails) throw new Error('the thread has ended');
    return { chosen: [memory], considered: [memory] };
  },
});
const planner = (kind: string, fails: boolean): StrategyPlanner => ({
  kind,
  infer: async () => {
    if (fails) throw new Error('the thread has ended');
    return { label: 'Question', motivation: 'to understand', probability: 1 };
  },
});
const ada = { id: 'ada' } as Character;
const scorer = (kind: string, fails: boolean): PersonaScorer => ({
  kind,
  rank: async () => {
    if (fails) throw new Error('the thread has ended');
    return [{ character: ada, score: 1, reasons: [], facets: {} as Facets }];
  },
});

describe('a scorer that fails in the middle of a turn', () => {
  it.each([
    [false, undefined],
    [true, 'lexical'],
  ])('memory (fails: %s) is chosen by %s', async (fails, by) => {
    const fallback = new FallbackMemorySelector(
      selector('trained', fails),
      selector('lexical', false),
      logger,
    );
    const selection = await fallback.select([{ role: 'seeker', text: 'hello' }], [memory], 1);
    expect(selection.chosen).toEqual([memory]);
    expect(selection.by).toBe(by);
    expect(fallback.kind).toBe('trained');
    expect(warnings).toEqual(fails ? ['memories cannot be chosen by trained; lexical instead'] : []);
  });

  it.each([
    [false, undefined],
    [true, 'stage-prior'],
  ])('a strategy (fails: %s) is planned by %s', async (fails, by) => {
    const fallback = new FallbackStrategyPlanner(
      planner('trained', fails),
      planner('stage-prior', false),
      logger,
    );
    const plan = await fallback.infer([{ role: 'seeker', text: 'hello' }], []);
    expect(plan.label).toBe('Question');
    expect(plan.by).toBe(by);
    expect(warnings).toEqual(fails ? ['a strategy cannot be planned by trained; stage-prior instead'] : []);
  });

  it.each([
    [false, undefined],
    [true, 'lexical'],
  ])('supporters (fails: %s) are ranked by %s', async (fails, by) => {
    const fallback = new FallbackPersonaScorer(scorer('trained', fails), scorer('lexical', false), logger);
    const [best] = await fallback.rank({ facts: [] }, [ada], 1);
    expect(best?.character).toBe(ada);
    expect(best?.by).toBe(by);
    // What a stand-in ranked teaches nothing about the facets.
    expect(best && 'facets' in best).toBe(!fails);
    expect(warnings).toEqual(fails ? ['supporters cannot be ranked by trained; lexical instead'] : []);
  });
});
