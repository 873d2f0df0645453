import { join } from 'node:path';
import { packageRoot } from '../config/root.js';
import { createEmbeddedModel, type EmbeddedChatModel } from '../inference/embedded/embedded-chat-model.js';
import type { SentenceEncoder } from '../inference/onnx/sentence-encoder.js';
import type { TrainedReplyRanker } from '../inference/onnx/trained-reply-ranker.js';
import { systemClock } from '../src/clock.js';
import type { ModelRequest, RankHints } from '../src/prompting/chat-model.js';
import { silentLogger } from '../src/telemetry/logger.js';
import { quantile, resident } from './figures.js';

const candidates = 12;
const ranked = 40;
const streamed = 20;
const statement = 'You are Ada Lind, a 34-year-old nurse from Oslo who plays the cello.';

export interface ChatCost {
  readonly rssMb: number;
  /** From the request to the first text of the best of 12, which has whole sentences by then. */
  readonly firstTextP50Ms: number;
  readonly firstTextP99Ms: number;
  /** One stream after its first token, no ranking. */
  readonly tokensPerSecond: number;
}

/** What the chat model that runs in this process costs, with the threads it has by default. */
export async function chatCost(encoder: SentenceEncoder, ranker: TrainedReplyRanker): Promise<ChatCost> {
  const before = resident();
  const model = createEmbeddedModel({
    model: join(packageRoot, 'models/supporter-mini'),
    dataDir: '',
    candidates,
    threads: 0,
    encoder,
    ranker,
    logger: silentLogger,
    clock: systemClock,
  });
  try {
    await model.warm();
    await reply(model, 0, true);
    const firsts: number[] = [];
    for (let number = 1; number <= ranked; number += 1)
      firsts.push((await reply(model, number, true)).firstMs);
    let tokens = 0;
    let ms = 0;
    for (let number = 1; number <= streamed; number += 1) {
      const one = await reply(model, number, false);
      tokens += one.tokens - 1;
      ms += one.restMs;
    }
    return {
      rssMb: resident() - before,
      firstTextP50Ms: quantile(firsts, 0.5),
      firstTextP99Ms: quantile(firsts, 0.99),
      tokensPerSecond: (1_000 * tokens) / ms,
    };
  } finally {
    await model.close();
  }
}

interface Timed {
  readonly firstMs: number;
  readonly restMs: number;
  readonly tokens: number;
}

async function reply(model: EmbeddedChatModel, number: number, rank: boolean): Promise<Timed> {
  const lastMessage = `It is week ${number} at my new job, I hardly sleep, and today my manager told me off again.`;
  const memory = 'You once dreaded every shift under a hard head nurse.';
  const request: ModelRequest = {
    endpoint: 'completions',
    body: {
      model: model.name,
      prompt: `<SYSTEM>${statement}<SEEKER>${lastMessage}<SUPPORTER>[INFO-${memory}]`,
      seed: number,
      ...model.sampling,
    },
  };
  const hints: RankHints = { lastMessage, persona: statement, memory, goal: null };
  const start = systemClock.elapsed();
  let first: number | null = null;
  let tokens = 0;
  const signal = new AbortController().signal;
  for await (const delta of model.stream(request, {
    signal,
    affinity: 'bench',
    ...(rank && { rank: hints }),
  }))
    if (delta.type === 'text') first ??= systemClock.elapsed();
    else tokens = delta.usage?.completionTokens ?? 0;
  const firstAt = first ?? systemClock.elapsed();
  return { firstMs: firstAt - start, restMs: systemClock.elapsed() - firstAt, tokens };
}
