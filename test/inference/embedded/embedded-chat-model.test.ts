import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../config/root.js';
import {
  createEmbeddedModel,
  type EmbeddedChatModel,
} from '../../../inference/embedded/embedded-chat-model.js';
import { modelPlace } from '../../../inference/embedded/model-place.js';
import { SentenceEncoder } from '../../../inference/onnx/sentence-encoder.js';
import { systemClock } from '../../../src/clock.js';
import type { ModelDelta, ModelRequest, RankHints } from '../../../src/prompting/chat-model.js';
import { type Logger, silentLogger } from '../../../src/telemetry/logger.js';
import { copyOf, encoderFolder, replaceFile, temporaryFolder } from '../onnx/model-copies.js';

const miniFolder = join(packageRoot, 'models/supporter-mini');
const dataDir = temporaryFolder();
const encoder = new SentenceEncoder(encoderFolder);
const open: EmbeddedChatModel[] = [];
const workers: Worker[] = [];
const onWorker = (worker: Worker): void => void workers.push(worker);

function openModel(
  model: string,
  candidates: number,
  logger: Logger = silentLogger,
  ranker?: { fit: (message: string, replies: readonly string[]) => Promise<readonly number[]> },
): EmbeddedChatModel {
  const opened = createEmbeddedModel({
    model,
    dataDir,
    candidates,
    threads: 1,
    encoder,
    ranker,
    logger,
    clock: systemClock,
  });
  open.push(opened);
  return opened;
}

const statement = 'You are Ada Lind, a 34-year-old nurse from Oslo who plays the cello.';
const prompt = `<SYSTEM>${statement}<SEEKER>I failed my exam.<SUPPORTER>[INFO-You failed the nursing exam twice.]`;
/** Nearly any token is as likely as another, so that a reply does not end by itself. */
const rambling = { max_tokens: 80, temperature: 2, top_p: 1, top_k: 0 };
const rank: RankHints = {
  lastMessage: 'I failed my exam.',
  persona: statement,
  memory: 'You failed twice.',
  goal: null,
};

function completion(
  changes: Partial<Extract<ModelRequest, { endpoint: 'completions' }>['body']> = {},
): ModelRequest {
  return { endpoint: 'completions', body: { model: 'm', prompt, max_tokens: 24, seed: 5, ...changes } };
}

interface Collected {
  readonly texts: string[];
  readonly done: Extract<ModelDelta, { type: 'done' }> | null;
}

async function collect(deltas: AsyncIterable<ModelDelta>): Promise<Collected> {
  const texts: string[] = [];
  let done: Collected['done'] = null;
  for await (const delta of deltas) {
    if (delta.type === 'text') texts.push(delta.text);
    else done = delta;
  }
  return { texts, done };
}

function ask(
  model: EmbeddedChatModel,
  request: ModelRequest,
  hints?: RankHints,
  signal?: AbortSignal,
): AsyncIterable<ModelDelta> {
  return model.stream(request, {
    signal: signal ?? new AbortController().signal,
    affinity: 'ada',
    ...(hints ? { rank: hints } : {}),
  });
}

let model: EmbeddedChatModel;
beforeAll(async () => {
  process.on('worker', onWorker);
  model = openModel(miniFolder, 3);
  await model.warm();
});
afterAll(async () => {
  process.removeListener('worker', onWorker);
  await Promise.all(open.map((each) => each.close()));
  await encoder.close();
});

describe('the reply ranker', () => {
  const shown = async (ranker: Parameters<typeof openModel>[3], logger?: Logger): Promise<string> => {
    const { texts } = await collect(ask(openModel(miniFolder, 6, logger, ranker), completion(), rank));
    return texts.join('').trim();
  };

  it('decides which of the sampled replies is shown', async () => {
    let offered: readonly string[] = [];
    const favourite = (which: 'first' | 'last') => ({
      fit: async (message: string, replies: readonly string[]) => {
        expect(message).toBe(rank.lastMessage);
        offered = replies;
        const place = which === 'first' ? 0 : replies.length - 1;
        return replies.map((_, index) => (index === place ? 20 : 0));
      },
    });
    expect(await shown(favourite('first'))).toBe(offered[0]?.trim());
    expect(await shown(favourite('last'))).toBe(offered.at(-1)?.trim());
  });

  it('that fails costs nothing but its judgement', async () => {
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (_: object, text: string) => void warnings.push(text) };
    const fails = { fit: () => Promise.reject(new Error('gone')) };
    expect(await shown(fails, logger)).toBe(await shown(undefined));
    expect(warnings).toEqual(['replies are ranked without the reply ranker']);
  });
});

describe('logProbability', () => {
  it('finds a fitting reply likelier than the same words in disorder, and the whole likelier than with more', async () => {
    const model = openModel(miniFolder, 1);
    const fitting = await model.logProbability(prompt, 'I am sorry to hear that.');
    const disorder = await model.logProbability(prompt, 'that am hear sorry I to.');
    expect(fitting).toBeLessThan(0);
    expect(fitting).toBeGreaterThan(Number(disorder));
    expect(
      await model.logProbability(prompt, 'I am sorry to hear that. I am sorry to hear that.'),
    ).toBeLessThan(Number(fitting));
  });

  it('is null where prompt and reply exceed the window', async () => {
    expect(await openModel(miniFolder, 1).logProbability(prompt, 'so '.repeat(600))).toBeNull();
  });
});

describe('the embedded model', () => {
  it('says what it is', () => {
    expect(model).toMatchObject({
      name: 'supporter-mini',
      format: 'characterchat',
      contextTokens: 512,
      controlTags: true,
      demo: true,
    });
    expect(model.sampling.temperature).toBeGreaterThan(0);
  });

  it('streams pieces, then says why it ended and what it used', async () => {
    const { texts, done } = await collect(ask(model, completion()));
    expect(texts.length).toBeGreaterThan(1);
    expect(['stop', 'length']).toContain(done?.finishReason);
    expect(done?.usage?.promptTokens).toBe(await model.tokens.count(prompt));
    expect(done?.usage?.completionTokens).toBeLessThanOrEqual(24);
  });

  it('gives the same reply for the same seed, another for another', async () => {
    const [first, again, other] = await Promise.all(
      [5, 5, 6].map((seed) => collect(ask(model, completion({ seed })))),
    );
    expect(again?.texts).toEqual(first?.texts);
    expect(other?.texts).not.toEqual(first?.texts);
  });

  it('ends at a stop string and keeps it to itself', async () => {
    const whole = (await collect(ask(model, completion()))).texts.join('');
    const stop = whole.slice(1, 4);
    const { texts, done } = await collect(ask(model, completion({ stop: [stop] })));
    expect(texts.join('')).toBe(whole.slice(0, whole.indexOf(stop)));
    expect([done?.finishReason, done?.stopReason]).toEqual(['stop', stop]);
  });

  it('ranks several replies and shows the best word by word', async () => {
    const rankings: unknown[] = [];
    const logger: Logger = {
      ...silentLogger,
      debug: (fields) => void rankings.push(Object(fields).candidates),
    };
    const ranking = openModel(miniFolder, 3, logger);
    const { texts, done } = await collect(ask(ranking, completion(), rank));
    expect(rankings).toHaveLength(1);
    expect(rankings[0]).toSatisfy(
      (ranked) => Array.isArray(ranked) && ranked.length >= 1 && ranked.length <= 3,
    );
    expect(texts.join('').trim()).toBe(texts.join(''));
    expect(texts.every((text) => /^\S+\s*$/u.test(text))).toBe(true);
    expect(done?.usage?.completionTokens).toBeGreaterThan(0);
    await ranking.close();
  });

  it('takes token ids as well as text', async () => {
    const { done } = await collect(
      ask(model, completion({ prompt: [3, 100, 101, 4, 102, 5], max_tokens: 3 })),
    );
    expect(done?.usage?.promptTokens).toBe(6);
  });

  it('refuses a prompt that leaves no room, with the figures', async () => {
    const long = `<SYSTEM>${'word and word '.repeat(300)}<SUPPORTER>`;
    await expect(collect(ask(model, completion({ prompt: long })))).rejects.toMatchObject({
      code: 'RAPPORT_E_CONTEXT_OVERFLOW',
      details: { window: 512, tokens: await model.tokens.count(long), route: 'supporter-mini' },
    });
    expect((await collect(ask(model, completion()))).done).not.toBeNull();
  });

  it('counts tags as one token each', async () => {
    expect(model.tokens.exact).toBe(true);
    expect(await model.tokens.count('<SEEKER><SUPPORTER>[INFO-')).toBe(3);
    expect(await model.tokens.count('')).toBe(0);
  });

  it('ends with the reason of the signal, and then answers the next', async () => {
    const stopping = new AbortController();
    const reading = (async () => {
      for await (const _ of ask(model, completion(rambling), undefined, stopping.signal))
        stopping.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    expect((await collect(ask(model, completion()))).done).not.toBeNull();
  });

  it('lets sessions wait their turn, and a waiting one leave at once', async () => {
    const leaving = new AbortController();
    const ended: string[] = [];
    const note = (name: string, deltas: AsyncIterable<ModelDelta>): Promise<unknown> =>
      collect(deltas).then(
        () => ended.push(name),
        () => ended.push(`${name} left`),
      );
    const first = note('first', ask(model, completion(rambling)));
    const second = note('second', ask(model, completion(), undefined, leaving.signal));
    const third = note('third', ask(model, completion()));
    leaving.abort();
    await Promise.all([first, second, third]);
    expect(ended).toEqual(['second left', 'first', 'third']);
  });

  it('leaves the event loop free while it generates', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await collect(ask(model, completion({ max_tokens: 80 })));
    await collect(ask(model, completion({ max_tokens: 40 }), rank));
    delay.disable();
    // 50 ms is the aim for every single delay; on a machine shared with other work the slowest few are not ours.
    expect(delay.percentile(90) / 1e6).toBeLessThan(50);
  });

  it('fails the open reply when the thread crashes, and starts again for the next', async () => {
    const errors: string[] = [];
    const crashing = openModel(miniFolder, 1, {
      ...silentLogger,
      error: (_fields, message) => void errors.push(message),
    });
    await crashing.warm();
    const reading = (async () => {
      for await (const delta of ask(crashing, completion(rambling)))
        if (delta.type === 'text') workers.at(-1)?.postMessage(null); // the worker does not expect that and dies
    })();
    await expect(reading).rejects.toMatchObject({ code: 'RAPPORT_E_MODEL_INTERRUPTED' });
    expect(errors).toHaveLength(1);
    expect((await collect(ask(crashing, completion()))).done).not.toBeNull();
    await crashing.close();
  });

  it('says that it is unavailable when closed before the first text', async () => {
    const closing = openModel(miniFolder, 1);
    const reading = expect(collect(ask(closing, completion()))).rejects.toMatchObject({
      code: 'RAPPORT_E_MODEL_UNAVAILABLE',
    });
    await closing.close().then(() => closing.close());
    await reading;
  });
});

describe('other models', () => {
  it('runs our folder through transformers.js where it has no model.json', async () => {
    const folder = temporaryFolder();
    cpSync(miniFolder, folder, { recursive: true });
    rmSync(join(folder, 'model.json'));
    const plain = openModel(folder, 6);
    expect(plain).toMatchObject({ format: 'chat', contextTokens: 512, demo: false });
    const { texts, done } = await collect(ask(plain, completion({ max_tokens: 12 }), rank));
    expect(texts.join('').length).toBeGreaterThan(0);
    expect(done?.usage?.promptTokens).toBe(await plain.tokens.count(prompt));
    expect(done?.usage?.completionTokens).toBeLessThanOrEqual(12);
    const long = 'word and word '.repeat(400);
    await expect(collect(ask(plain, completion({ prompt: long })))).rejects.toMatchObject({
      code: 'RAPPORT_E_CONTEXT_OVERFLOW',
    });
    const stopping = new AbortController();
    const reading = (async () => {
      for await (const _ of ask(
        plain,
        completion({ ...rambling, max_tokens: 200 }),
        undefined,
        stopping.signal,
      ))
        stopping.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    await plain.close();
  });

  it('asks a chat model through its template', async () => {
    const folder = temporaryFolder();
    cpSync(miniFolder, folder, { recursive: true });
    rmSync(join(folder, 'model.json'));
    const chat_template = '{% for message in messages %}<SEEKER>{{ message.content }}{% endfor %}<SUPPORTER>';
    writeFileSync(
      join(folder, 'tokenizer_config.json'),
      JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast', chat_template }),
    );
    const chat = openModel(folder, 1);
    const messages = [{ role: 'user', content: 'Hello' }] as const;
    const { done } = await collect(
      ask(chat, { endpoint: 'chat/completions', body: { model: 'm', messages, max_tokens: 4 } }),
    );
    expect(done?.usage?.promptTokens).toBe(await chat.tokens.count('<SEEKER>Hello<SUPPORTER>'));
    await chat.close();
  });

  it('tells a folder from a hub id', () => {
    expect(modelPlace('models/supporter-mini')).toEqual({ folder: miniFolder });
    expect(modelPlace('owner-of-models/a-model')).toEqual({ hubId: 'owner-of-models/a-model' });
    for (const wrong of ['models/no-such-model', './nowhere/at-all', 'three/part/id'])
      expect(() => modelPlace(wrong)).toThrow(expect.objectContaining({ code: 'RAPPORT_E_MODEL_FILE' }));
  });

  it.each([
    ['onnx/model_quantized.onnx', 'not a graph'],
    ['tokenizer.json', '{}'],
  ])('names a broken %s', async (name, content) => {
    const folder = copyOf(miniFolder);
    replaceFile(folder, name, content);
    const broken = openModel(folder, 1);
    await expect(broken.warm()).rejects.toMatchObject({
      code: 'RAPPORT_E_MODEL_FILE',
      details: { file: join(folder, name) },
    });
    await broken.close();
  });
});
