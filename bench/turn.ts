import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import OpenAI from 'openai';
import { type Core, composeCore } from '../app/core.js';
import { loadConfig } from '../app/settings.js';
import { match1024Ms, multipliedBank, select10Ms } from '../inference/onnx/scorer-bench.js';
import type { OutgoingMessage, PlatformAdapter, Receipt } from '../src/delivery/adapter.js';
import { localCapabilities } from '../src/delivery/local-capabilities.js';
import { messageId, personId, sessionId } from '../src/ids.js';
import { silentLogger } from '../src/telemetry/logger.js';
import { forkModelServer } from '../test/doubles/model-server/child.js';
import { findRedisServer, startRedisServer } from '../test/doubles/redis-server.js';
import { quantile, round2 } from './figures.js';

export interface TurnBench {
  readonly bench: 'turn';
  /** Milliseconds unless the name says otherwise; null where it could not be measured (see `notes`). */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

const pairs = 200;
const streams = 500;
const idleSessions = 1_500;
const ttftMs = 20;
const reply =
  'Thank you for telling me. That sounds like a lot to carry on your own, and I would like to hear more about it.';

/**
 * What a turn costs beside the model: time to first token over a direct `openai` call to the same double (a child process
 * with a fixed 20 ms), calls taken in turn in one run; 500 conversations at once; memory per idle conversation; matching
 * over 1,024 characters and choosing among 10 memories.
 */
export async function benchTurn(): Promise<TurnBench> {
  const model = await forkModelServer({ record: false, behaviour: { reply, ttftMs, tokenMs: 10 } });
  const notes: string[] = [];
  try {
    const embedded = await withCore(model.url, undefined, async (bench) => ({
      ...(await addedTtft(bench, model.url, '')),
      ...(await concurrent(bench)),
      ...(await idleMemory(bench)),
      ...(await scorers(bench.core)),
    }));
    const redis = await withRedis(model.url, notes);
    return { bench: 'turn', metrics: { ...embedded, ...redis }, notes };
  } finally {
    await model.stop();
  }
}

async function withRedis(modelUrl: string, notes: string[]): Promise<Record<string, number | null>> {
  const child = findRedisServer() === null ? null : await startRedisServer([]);
  const url = child?.url ?? process.env.REDIS_URL;
  if (url === undefined) {
    notes.push('no redis-server on PATH and no REDIS_URL: the figures on Redis are missing');
    return { redisAddedTtftP50Ms: null, redisAddedTtftP99Ms: null };
  }
  try {
    return await withCore(modelUrl, url, (bench) => addedTtft(bench, modelUrl, 'redis'));
  } finally {
    await child?.stop();
  }
}

interface Bench {
  readonly core: Core;
  readonly adapter: BenchAdapter;
}

async function withCore<T>(
  modelUrl: string,
  redisUrl: string | undefined,
  run: (bench: Bench) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
  const env = {
    MODEL_BASE_URL: modelUrl,
    MODEL_NAME: 'test-model',
    RAPPORT_DATA_DIR: folder,
    ...(redisUrl && { REDIS_URL: redisUrl }),
  };
  const adapter = new BenchAdapter();
  const core = await composeCore(loadConfig(env, folder), () => [adapter], silentLogger);
  try {
    return await run({ core, adapter });
  } finally {
    await core.close(5_000);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A platform without a network: notes when the first and the last text of a conversation came. */
class BenchAdapter implements PlatformAdapter {
  readonly name = 'terminal';
  readonly capabilities = { ...localCapabilities, ownOffers: true };
  readonly firstAt = new Map<string, number>();
  readonly waiting = new Map<string, (text: string) => void>();

  async start(): Promise<void> {}
  async stop(): Promise<void> {}

  async post(_address: unknown, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    if (!this.firstAt.has(message.sessionId)) this.firstAt.set(message.sessionId, performance.now());
    this.#finish(message);
    return { platformMessageId: nonce, at: Date.now() };
  }

  async edit(_address: unknown, _receipt: Receipt, message: OutgoingMessage): Promise<void> {
    this.#finish(message);
  }

  #finish(message: OutgoingMessage): void {
    if (message.final) this.waiting.get(message.sessionId)?.(message.text);
  }
}

/** Sends one message and resolves with the time to the first text (ms) and the whole text. */
async function talk(
  { core, adapter }: Bench,
  id: string,
  text: string,
): Promise<{ readonly ttft: number; readonly text: string }> {
  const session = sessionId(`terminal:${id}`);
  adapter.firstAt.delete(session);
  const whole = new Promise<string>((resolve) => adapter.waiting.set(session, resolve));
  const startedAt = performance.now();
  await core.sessions.receive({
    kind: 'message',
    id: messageId(randomUUID()),
    sessionId: session,
    personId: personId(`terminal:${id}`),
    speakerName: 'Sam',
    text,
    at: Date.now(),
    address: { platform: 'terminal', channel: session },
    shared: false,
    characterId: 'maren-voss',
  });
  const said = await whole;
  await core.sessions.settled(session);
  adapter.waiting.delete(session);
  return { ttft: (adapter.firstAt.get(session) ?? Number.NaN) - startedAt, text: said };
}

async function addedTtft(bench: Bench, modelUrl: string, prefix: string): Promise<Record<string, number>> {
  const client = new OpenAI({ apiKey: 'bench', baseURL: modelUrl, maxRetries: 0 });
  const direct: number[] = [];
  const ours: number[] = [];
  for (let round = -10; round < pairs; round += 1) {
    const text = `I had a hard day, the ${round}th in a row.`;
    const first = await directTtft(client, text);
    const { ttft } = await talk(bench, `ttft-${round % 20}`, text);
    if (round < 0) continue;
    direct.push(first);
    ours.push(ttft);
  }
  const name = (metric: string): string =>
    prefix === '' ? metric : `${prefix}${metric[0]?.toUpperCase()}${metric.slice(1)}`;
  return {
    [name('directTtftP50Ms')]: quantile(direct, 0.5),
    [name('addedTtftP50Ms')]: round2(quantile(ours, 0.5) - quantile(direct, 0.5)),
    [name('addedTtftP99Ms')]: round2(quantile(ours, 0.99) - quantile(direct, 0.99)),
    [name('ttftRatio')]: round2(quantile(ours, 0.5) / quantile(direct, 0.5)),
  };
}

async function directTtft(client: OpenAI, text: string): Promise<number> {
  const startedAt = performance.now();
  const stream = await client.chat.completions.create({
    model: 'test-model',
    messages: [{ role: 'user', content: text }],
    stream: true,
  });
  let first = Number.NaN;
  for await (const chunk of stream)
    if (Number.isNaN(first) && chunk.choices[0]?.delta.content) first = performance.now() - startedAt;
  return first;
}

async function concurrent(bench: Bench): Promise<Record<string, number>> {
  const startedAt = performance.now();
  const all = await Promise.all(
    Array.from({ length: streams }, (_, index) =>
      talk(bench, `many-${index}`, `Hello, I am number ${index}.`),
    ),
  );
  const whole = all.filter(({ text }) => text.endsWith(reply)).length;
  const times = all.map(({ ttft }) => ttft);
  return {
    concurrentSessions: streams,
    concurrentWholeReplies: whole,
    concurrentTtftP50Ms: quantile(times, 0.5),
    concurrentTtftP99Ms: quantile(times, 0.99),
    concurrentAllDoneMs: Math.round(performance.now() - startedAt),
  };
}

/** Growth of the resident set per conversation that has had a turn and is idle, kB. */
async function idleMemory(bench: Bench): Promise<Record<string, number>> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const batch = async (from: number, to: number): Promise<void> => {
    for (let start = from; start < to; start += 100)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => talk(bench, `idle-${start + index}`, 'A quiet evening.')),
      );
    bench.adapter.firstAt.clear();
    collect();
  };
  await batch(0, 300);
  const before = process.memoryUsage().rss;
  await batch(300, 300 + idleSessions);
  return {
    rssPerIdleSessionKb: round2(Math.max(0, process.memoryUsage().rss - before) / 1_024 / idleSessions),
  };
}

async function scorers({ bank, services }: Core): Promise<Record<string, number>> {
  const many = multipliedBank(bank.all);
  await services.scorer.prepare?.(many);
  const character = bank.get('maren-voss');
  if (!character) throw new Error('the default bank has no maren-voss');
  return {
    match1024Ms: round2(await match1024Ms(services.scorer, many)),
    select10Ms: round2(await select10Ms(services.selector, character)),
  };
}
