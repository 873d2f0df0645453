import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { packageRoot } from '../config/root.js';
import { loadStrategies } from '../config/strategies.js';
import { SentenceEncoder } from '../inference/onnx/sentence-encoder.js';
import { TrainedEmotionClassifier } from '../inference/onnx/trained-emotion-classifier.js';
import { TrainedMemorySelector } from '../inference/onnx/trained-memory-selector.js';
import { TrainedReplyRanker } from '../inference/onnx/trained-reply-ranker.js';
import { TrainedStrategyPlanner } from '../inference/onnx/trained-strategy-planner.js';
import { systemClock } from '../src/clock.js';
import { LexicalMemorySelector } from '../src/memory/lexical-memory-selector.js';
import type { HistoryLine } from '../src/memory/memory-selector.js';
import { chatCost } from './chat-cost.js';
import { quantile, resident } from './figures.js';

export interface ModelsBench {
  readonly bench: 'models';
  /** Milliseconds and megabytes. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

const warmUp = 30;
const runs = 400;
const together = 50;
const rounds = 8;
/** CharacterChat's info_selecter makes a pass a memory, of up to so many tokens. */
const reference = { passes: 10, tokens: 512, turns: 2 };

/**
 * What each scorer costs (p50 and p99 of one decision on a line never seen before, memories cached; alone, and for 50 turns
 * at once) and how much memory it adds, next to ten passes of a BERT-base pair regression on as many threads: one.
 */
export async function benchModels(): Promise<ModelsBench> {
  const metrics: Record<string, number> = {};
  const folder = (name: string): string => join(packageRoot, 'models', name);
  let before = resident();
  const grown = (name: string): void => {
    const now = resident();
    metrics[`${name}RssMb`] = now - before;
    before = now;
  };
  const encoder = new SentenceEncoder(folder('encoder'));
  const support = new SentenceEncoder(folder('support-encoder'));
  const encoders = [encoder, support];
  try {
    for (const [name, one] of [
      ['encoder', encoder],
      ['supportEncoder', support],
    ] as const) {
      await one.warm();
      grown(name);
      await time(name, (line) => one.encode([line]), metrics);
      before = resident();
    }
    const emotion = new TrainedEmotionClassifier(folder('emotion'), encoders);
    await emotion.warm();
    grown('emotion');
    await time('emotion', (line) => emotion.classify(line), metrics);
    before = resident();
    const planner = new TrainedStrategyPlanner(folder('strategy-planner'), encoders, loadStrategies());
    await planner.warm();
    grown('strategy');
    await time('strategy', (line) => planner.infer(historyWith(line), ['Question', 'Question']), metrics);
    before = resident();
    const selector = new TrainedMemorySelector(
      folder('memory-selector'),
      encoders,
      new LexicalMemorySelector(),
    );
    await selector.warm();
    grown('memory');
    await time(
      'memory10',
      (line) => selector.select(historyWith(line), memories, 1, { own: ['hobby'] }),
      metrics,
    );
    before = resident();
    const ranker = new TrainedReplyRanker(folder('reply-ranker'), encoders);
    await ranker.warm();
    grown('replyRanker');
    await time(
      'replyRanker10',
      (line) =>
        ranker.fit(
          line,
          memories.map(({ text }) => `${line} ${text}`),
        ),
      metrics,
    );
    for (const [name, value] of Object.entries(await chatCost(encoder, ranker)))
      metrics[`chat${name[0]?.toUpperCase()}${name.slice(1)}`] = value;
  } finally {
    await encoder.close();
    await support.close();
  }
  await timeReference(metrics);
  return {
    bench: 'models',
    metrics,
    notes: [
      `encoder: one line of about ${lineWords} words; emotion, strategy and memory10 (10 memories) include the encoding of the new line`,
      `…Of50: one of ${together} decisions asked for at the same time, from the asking to its answer`,
      'chat: supporter-mini with its default threads; the first text is that of the best of 12 ranked replies',
      `bert10: ${reference.passes} passes of ${reference.tokens} tokens through a BERT-base graph of constant weights, one thread`,
    ],
  };
}

const lineWords = 18;

/** A line that no cache knows. */
function fresh(number: number): string {
  return `Since week ${number} at my new job I hardly sleep, and today my manager told me off again.`;
}

function historyWith(line: string): HistoryLine[] {
  return [
    { role: 'seeker', text: 'I do not know where to begin.' },
    { role: 'supporter', text: 'Begin wherever you like. I have time.' },
    { role: 'seeker', text: line },
  ];
}

const memories = Array.from({ length: 10 }, (_, index) => ({
  aspect: ['hobby', 'growth_experience', 'family_relationship', 'emotional_state', ''][index % 5] ?? '',
  text: `You have looked back often at year ${index} in the small house by the river, and at what you learned there.`,
}));

let lines = 0;

async function time(
  name: string,
  decide: (line: string) => Promise<unknown>,
  metrics: Record<string, number>,
): Promise<void> {
  const once = async (): Promise<number> => {
    lines += 1;
    const start = systemClock.elapsed();
    await decide(fresh(lines));
    return systemClock.elapsed() - start;
  };
  for (let run = 0; run < warmUp; run += 1) await once();
  const alone: number[] = [];
  for (let run = 0; run < runs; run += 1) alone.push(await once());
  const crowded: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    crowded.push(...(await Promise.all(Array.from({ length: together }, once))));
  metrics[`${name}P50Ms`] = quantile(alone, 0.5);
  metrics[`${name}P99Ms`] = quantile(alone, 0.99);
  metrics[`${name}Of50P50Ms`] = quantile(crowded, 0.5);
  metrics[`${name}Of50P99Ms`] = quantile(crowded, 0.99);
}

async function timeReference(metrics: Record<string, number>): Promise<void> {
  const session = await InferenceSession.create(join(packageRoot, 'bench/bert-base-cost.onnx'), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const ids = BigInt64Array.from({ length: reference.tokens }, (_, index) => BigInt(1_000 + index));
  const input = { input_ids: new Tensor('int64', ids, [1, reference.tokens]) };
  await session.run(input);
  const turns: number[] = [];
  for (let turn = 0; turn < reference.turns; turn += 1) {
    const start = systemClock.elapsed();
    for (let pass = 0; pass < reference.passes; pass += 1) await session.run(input);
    turns.push(systemClock.elapsed() - start);
  }
  metrics.bert10Ms = Math.min(...turns);
  await session.release();
}
