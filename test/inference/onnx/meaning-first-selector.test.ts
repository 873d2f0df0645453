import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScorers, type Scorers } from '../../../app/scorers.js';
import { loadConfig, loadLocale } from '../../../app/settings.js';
import { configuredBank } from '../../../characters/bank.js';
import { packageRoot } from '../../../config/root.js';
import { evaluateCharacterMemory } from '../../../lab/evaluation/character-memory.js';
import { eligibleMemories } from '../../../src/memory/eligible-memories.js';
import { silentLogger } from '../../../src/telemetry/logger.js';
import { temporaryFolder } from '../../cli/run-cli.js';

const folder = temporaryFolder();
const { config } = loadConfig({}, folder.path);
const bank = configuredBank(config);
const file = join(packageRoot, 'lab/data/character-memory/questions.jsonl');

/** The character's own memory (issue 15 §4). */
describe('a memory is chosen by meaning first', () => {
  let scorers: Scorers;
  beforeAll(async () => {
    scorers = await createScorers(config, loadLocale('en').say, silentLogger);
  });
  afterAll(async () => {
    await scorers.close();
    folder.remove();
  });

  it('the passage that answers comes first, and none where none does, on questions written after it', async () => {
    const { metrics } = await evaluateCharacterMemory({ file, split: 'fresh' }, scorers.selector, bank);
    expect(metrics.top1).toBeGreaterThanOrEqual(0.8);
    expect(metrics.noneRight).toBeGreaterThanOrEqual(0.7);
  });

  it('spreads over a conversation: no aspect twice running, unless it is asked about', async () => {
    const maren = bank.get('maren-voss');
    if (!maren) throw new Error('she is not in the bank');
    const lines = [
      'I feel so alone.',
      'It was a long day.',
      'My sister called.',
      'I do not know what to do.',
      'Work was terrible.',
      'I walked home in the rain.',
      'I think about him all the time.',
      'My flat is a mess.',
      'I used to paint.',
      'Nobody understands me.',
      'I cannot decide.',
    ];
    const told: string[] = [];
    for (let turn = 0; turn < 100; turn += 1) {
      const { repeatWindow: window, repeatMax: max } = config.memory;
      const memories = eligibleMemories(maren, told, { window, max });
      const history = [{ role: 'seeker' as const, text: lines[turn % lines.length] ?? '' }];
      const [best] = (await scorers.selector.select(history, memories, 1, { own: told })).chosen;
      if (best) told.push(best.aspect);
    }
    const counts = new Map<string, number>();
    for (const aspect of told) counts.set(aspect, (counts.get(aspect) ?? 0) + 1);
    expect(told.length).toBeGreaterThan(30);
    expect(Math.max(...counts.values()) / told.length).toBeLessThanOrEqual(0.4);
    expect(counts.size).toBeGreaterThanOrEqual(6);
    expect(
      told.filter((aspect, place) => aspect === told[place - 1]).length / told.length,
    ).toBeLessThanOrEqual(0.1);
    const asked = await scorers.selector.select(
      [{ role: 'seeker', text: 'Where do you live?' }],
      eligibleMemories(maren, [], { window: 1, max: 1 }),
      1,
      { own: ['living_conditions'] },
    );
    expect(asked.chosen[0]?.aspect).toBe('living_conditions');
  });

  it('tells what was asked: an impostor is no hobby', async () => {
    const sibel = bank.get('sibel-aydin');
    if (!sibel) throw new Error('she is not in the bank');
    const { chosen } = await scorers.selector.select(
      [{ role: 'seeker', text: 'Have you ever felt like an impostor?' }],
      eligibleMemories(sibel, [], { window: 1, max: 1 }),
      1,
      { own: [] },
    );
    expect(chosen[0]?.aspect).not.toBe('hobby');
  });
});
