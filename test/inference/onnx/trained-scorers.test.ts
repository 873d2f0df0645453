import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { loadBank } from '../../../characters/bank.js';
import { packageRoot } from '../../../config/root.js';
import { loadStrategies } from '../../../config/strategies.js';
import { readAspectPhrases } from '../../../inference/onnx/aspect-phrases.js';
import { EncoderMemorySelector } from '../../../inference/onnx/encoder-memory-selector.js';
import { loadTrainedScorers, type ScorerFolders } from '../../../inference/onnx/load-trained-scorers.js';
import { select10Ms } from '../../../inference/onnx/scorer-bench.js';
import { SentenceEncoder } from '../../../inference/onnx/sentence-encoder.js';
import { TrainedEmotionClassifier } from '../../../inference/onnx/trained-emotion-classifier.js';
import { TrainedMemorySelector } from '../../../inference/onnx/trained-memory-selector.js';
import { TrainedReplyRanker } from '../../../inference/onnx/trained-reply-ranker.js';
import { TrainedStrategyPlanner } from '../../../inference/onnx/trained-strategy-planner.js';
import { StagePriorPlanner } from '../../../src/guidance/stage-prior-planner.js';
import { eligibleMemories } from '../../../src/memory/eligible-memories.js';
import { LexicalMemorySelector } from '../../../src/memory/lexical-memory-selector.js';
import type { HistoryLine } from '../../../src/memory/memory-selector.js';
import { copyOf, encoderFolder, replaceFile } from './model-copies.js';

const model = (name: string): string => join(packageRoot, 'models', name);
const folders: ScorerFolders = {
  supportEncoder: model('support-encoder'),
  memorySelector: model('memory-selector'),
  strategyPlanner: model('strategy-planner'),
  emotion: model('emotion'),
  replyRanker: model('reply-ranker'),
};
const table = loadStrategies();
const support = new SentenceEncoder(folders.supportEncoder);
const general = new SentenceEncoder(encoderFolder);
afterAll(async () => {
  await support.close();
  await general.close();
});
const encoders = [general, support];
const zeroShot = new EncoderMemorySelector({ encoder: general, phrases: readAspectPhrases(encoderFolder) });
const selector = new TrainedMemorySelector(folders.memorySelector, encoders, zeroShot);
const planner = new TrainedStrategyPlanner(folders.strategyPlanner, encoders, table);
const emotion = new TrainedEmotionClassifier(folders.emotion, encoders);
const ranker = new TrainedReplyRanker(folders.replyRanker, encoders);
const rin = loadBank([join(packageRoot, 'characters/bank/supporters/rin-asakura.yaml')]).all[0];
if (!rin) throw new Error('the character is missing');
const memories = eligibleMemories(rin, [], { window: 5, max: 3 });
const says = (text: string): HistoryLine[] => [{ role: 'seeker', text }];

describe('TrainedReplyRanker', () => {
  const replies = [
    'I am so sorry. Losing a dog leaves a house very quiet.',
    'Ask your manager for a talk about the workload before the week ends.',
    'Two months without rent is hard. Could you speak with your landlord?',
    'Congratulations! When is the wedding?',
  ];
  it.each([
    ['Our old dog died on Sunday and I cannot stop crying.', 0],
    ['My boss gives me the work of three people, I am so tired.', 1],
    ['I lost my job and I cannot pay for my flat any more.', 2],
    ['He asked me to marry him and I said yes!', 3],
  ])('finds the answer to "%s"', async (message, right) => {
    const fit = await ranker.fit(message, replies);
    expect(fit.indexOf(Math.max(...fit))).toBe(right);
    for (const value of fit) expect(Math.abs(value)).toBeLessThanOrEqual(1.001);
  });

  it('has nothing to say of no replies', async () => {
    expect(await ranker.fit('hello', [])).toEqual([]);
  });
});

describe('TrainedMemorySelector', () => {
  it.each([
    ['Do you have any hobbies? I like to paint at weekends.', 'hobby'],
    ['My mother and my father fight every day and I am in between.', 'family_relationship'],
    ['I have no friends left, nobody calls me.', 'social_relationship'],
  ])('recalls for "%s" the aspect %s among the first two', async (text, aspect) => {
    const { considered } = await selector.select(says(text), memories, 1);
    expect(considered.slice(0, 2).map((memory) => memory.aspect)).toContain(aspect);
  });

  it.each(['Hello!', 'ok', 'Thank you so much!'])('recalls nothing for "%s"', async (text) => {
    expect((await selector.select(says(text), memories, 1)).chosen).toEqual([]);
  });

  it('gives probabilities over all candidates, best first, and chooses at most k', async () => {
    const { chosen, considered } = await selector.select(
      says('I quarrelled with my best friend.'),
      memories,
      2,
    );
    expect(considered).toHaveLength(memories.length);
    expect(considered.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
    expect(considered.slice(0, chosen.length)).toEqual(chosen);
    expect(chosen.length).toBeLessThanOrEqual(2);
  });

  it('minds what was told before', async () => {
    const history = says('Do you have any hobbies? I like to paint at weekends.');
    const hobby = async (own: readonly string[]): Promise<number> => {
      const { considered } = await selector.select(history, memories, 1, { own });
      return considered.find(({ aspect }) => aspect === 'hobby')?.score ?? 0;
    };
    expect(await hobby(['hobby', 'hobby'])).not.toBeCloseTo(await hobby([]), 3);
  });

  it('tells the aspect of a memory that names none by its text', async () => {
    const unnamed = memories.map(({ text }) => ({ aspect: '', text }));
    const history = says('Do you have any hobbies? I like to paint at weekends.');
    const [named, guessed] = await Promise.all([
      selector.select(history, memories, 1),
      selector.select(history, unnamed, 1),
    ]);
    const best = named.considered[0]?.text;
    expect(guessed.considered.slice(0, 3).map(({ text }) => text)).toContain(best);
  });

  it('leaves facts about the person to the zero-shot selector', async () => {
    const facts = ['My sister Ana lives in Porto', 'I am allergic to nuts'].map((text) => ({
      aspect: 'user',
      text,
    }));
    const { chosen } = await selector.select(says('My sister Ana is getting married.'), facts, 3);
    expect(chosen.map(({ text }) => text)).toEqual(['My sister Ana lives in Porto']);
  });

  it('takes no history and no candidates', async () => {
    expect((await selector.select([], memories, 1)).chosen).toEqual([]);
    expect(await selector.select(says('I lost my job.'), [], 1)).toEqual({ chosen: [], considered: [] });
  });

  it('is quick once the vectors are cached', async () => {
    // 5 ms is the aim on an idle machine (rapport bench models); this only guards against a slip of a magnitude.
    expect(await select10Ms(selector, rin)).toBeLessThan(125);
  });
});

describe('TrainedStrategyPlanner', () => {
  it('greets at the beginning and suggests when asked for it late', async () => {
    const greeting = await planner.infer(says('Hello, good evening.'), []);
    expect(greeting.ranked?.slice(0, 2).map(({ label }) => label)).toContain('Greeting');
    const talk: HistoryLine[] = Array.from({ length: 12 }, (_, turn) => ({
      role: turn % 2 === 0 ? 'seeker' : 'supporter',
      text: turn % 2 === 0 ? 'I feel stuck since I lost my job.' : 'That sounds hard. How long has it been?',
    }));
    const asked = await planner.infer(
      [...talk, { role: 'seeker', text: 'What do you think I should do about it?' }],
      ['Question', 'Question', 'Reflection of Feelings', 'Affirmation and Reassurance'],
    );
    expect(asked.label).toBe('Providing Suggestions or Information');
    expect(asked.motivation).not.toBe('');
  });

  it('gives probabilities of both label sets, and names strategies nearly as likely', async () => {
    const { magic, esconv } = await planner.probabilities(says('I feel so alone.'), ['question']);
    for (const map of [magic, esconv])
      expect([...map.values()].reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    expect([...magic.keys()].sort()).toEqual(table.strategies.map(({ label }) => label).sort());
    const { label, probability, also = [], ranked = [] } = await planner.infer(says('I feel so alone.'), []);
    expect(ranked[0]).toEqual({ label, probability });
    for (const name of also)
      expect(ranked.find((one) => one.label === name)?.probability).toBeGreaterThanOrEqual(
        0.75 * probability,
      );
  });

  it('knows strategies by their aliases', async () => {
    const history = says('I do not know what to do.');
    const [alias, label] = await Promise.all([
      planner.infer(history, ['questions', 'suggestions']),
      planner.infer(history, ['Question', 'Providing Suggestions or Information']),
    ]);
    expect(alias).toEqual(label);
  });
});

describe('TrainedEmotionClassifier', () => {
  it.each([
    ['My grandmother died last week and I cannot stop crying.', -1],
    ['I am so happy, I got the job I always wanted!', 1],
    ['I am furious, he lied to me again.', -1],
  ])('tells the sign of "%s"', async (text, sign) => {
    const reading = await emotion.classify(text);
    expect(Math.sign(reading?.valence ?? 0)).toBe(sign);
    expect((reading?.mood ?? 0) > 2.5).toBe(sign > 0);
  });

  it('stays on its scales and has nothing to say about nothing', async () => {
    expect(await emotion.classify('  \n ')).toBeNull();
    const reading = await emotion.classify('The train was late.');
    if (!reading) throw new Error('a reading is expected');
    expect(emotion.labels).toContain(reading.label);
    expect(reading.mood).toBeGreaterThanOrEqual(0);
    expect(reading.mood).toBeLessThanOrEqual(5);
    expect(reading.ranked[0]).toEqual({ label: reading.label, probability: reading.probability });
  });
});

describe('scorers that cannot be loaded', () => {
  let copy = '';
  afterEach(() => rmSync(copy, { recursive: true, force: true }));
  const fallbacks = { selector: new LexicalMemorySelector(), planner: new StagePriorPlanner(table), table };

  const damages: readonly [string, string, (folder: string) => void][] = [
    ['model.json', 'a missing manifest', (at) => rmSync(join(at, 'model.json'))],
    ['model.json', 'a newer version', (at) => rewrite(at, { version: '9.0.0' })],
    ['model.json', 'labels of no kind', (at) => rewrite(at, { labels: 3 })],
    [
      'model.json',
      'another encoder',
      (at) => rewrite(at, { encoder: { name: 'other', sha256: 'a'.repeat(64) } }),
    ],
    ['model.onnx', 'missing weights', (at) => rmSync(join(at, 'model.onnx'))],
    ['model.onnx', 'changed weights', (at) => writeFileSync(join(at, 'model.onnx'), 'x')],
    ['model.onnx', 'weights that are no graph', (at) => replaceFile(at, 'model.onnx', 'not a graph')],
  ];
  it.each(damages)('names %s for %s and goes on with the fall-back', async (file, _what, damage) => {
    copy = copyOf(folders.strategyPlanner);
    damage(copy);
    const loaded = await loadTrainedScorers(general, { ...folders, strategyPlanner: copy }, fallbacks);
    await loaded.close();
    expect(loaded.planner).toBe(fallbacks.planner);
    const status = loaded.status.find(({ name }) => name === 'strategyPlanner');
    expect(status).toMatchObject({
      kind: 'stage-prior',
      problem: { code: 'RAPPORT_E_MODEL_FILE', details: { file: join(copy, file) } },
    });
    expect(status?.problem?.cure).toContain('models');
    expect(loaded.selector).toBeInstanceOf(TrainedMemorySelector);
    expect(loaded.emotion).toBeInstanceOf(TrainedEmotionClassifier);
  });

  it('names the encoder that is missing where a scorer needs it; the others stay', async () => {
    const missing = await loadTrainedScorers(
      general,
      { ...folders, supportEncoder: model('nowhere') },
      fallbacks,
    );
    expect(missing.emotion).toBeNull();
    expect(missing.status.find(({ name }) => name === 'emotion')?.problem).toMatchObject({
      code: 'RAPPORT_E_MODEL_FILE',
      details: { file: join(model('nowhere'), 'model.json') },
    });
    expect(missing.selector).toBeInstanceOf(TrainedMemorySelector);
    expect(missing.replyRanker).toBeNull();
    expect(missing.status.find(({ name }) => name === 'replyRanker')?.kind).toBe('cosine');
  });

  it('loads none where all are off', async () => {
    const off = await loadTrainedScorers(
      general,
      {
        supportEncoder: model('nowhere'),
        memorySelector: 'off',
        strategyPlanner: 'off',
        emotion: 'off',
        replyRanker: 'off',
      },
      fallbacks,
    );
    expect(off.status.map(({ problem }) => problem)).toEqual([null, null, null, null]);
    expect(off.replyRanker).toBeNull();
    expect(off.selector).toBe(fallbacks.selector);
  });
});

function rewrite(folder: string, changes: object): void {
  const file = join(folder, 'model.json');
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...Object(manifest), ...changes }));
}
