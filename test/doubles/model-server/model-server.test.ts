import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import {
  defaultReply,
  type ModelServer,
  type ModelServerOptions,
  startModelServer,
} from '../model-server.js';
import { forkModelServer } from './child.js';
import { TimerWheel } from './timer-wheel.js';

const servers: ModelServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function start(options?: ModelServerOptions): Promise<{ server: ModelServer; client: OpenAI }> {
  const server = await startModelServer(options);
  servers.push(server);
  return { server, client: new OpenAI({ apiKey: 'any', baseURL: server.url, maxRetries: 0 }) };
}

const messages = [{ role: 'user' as const, content: 'Hello there' }];

describe('the model server double, through the openai client', () => {
  it('lists models with their aliases and answers by the id behind an alias', async () => {
    const { client } = await start({ models: ['base', { id: 'maren', aliases: ['maren-lora'] }] });
    const listed: string[] = [];
    for await (const model of client.models.list()) listed.push(model.id);
    expect(listed).toEqual(['base', 'maren', 'maren-lora']);
    const answer = await client.chat.completions.create({ model: 'maren-lora', messages });
    expect(answer).toMatchObject({
      model: 'maren',
      choices: [{ message: { content: defaultReply }, finish_reason: 'stop' }],
    });
    expect(answer.usage).toEqual({ prompt_tokens: 2, completion_tokens: 11, total_tokens: 13 });
  });

  it('answers raw completions whole, with stop strings and max_tokens', async () => {
    const { client } = await start({ behaviour: { stopReason: true } });
    const stopped = await client.completions.create({
      model: 'test-model',
      prompt: 'Hi',
      stop: [' me', ' a'],
    });
    expect(stopped.choices[0]).toMatchObject({
      text: 'I hear you. Tell',
      finish_reason: 'stop',
      stop_reason: ' me',
    });
    const short = await client.completions.create({ model: 'test-model', prompt: 'Hi', max_tokens: 2 });
    expect(short.choices[0]).toMatchObject({ text: 'I hear', finish_reason: 'length' });
  });

  it('replies by a function of the request and takes queued behaviours first', async () => {
    const { server, client } = await start({
      behaviour: { reply: ({ body }) => `model ${String(body?.model)}` },
    });
    server.enqueue({ reply: 'queued' });
    const ask = async (): Promise<string | null | undefined> =>
      (await client.chat.completions.create({ model: 'test-model', messages })).choices[0]?.message.content;
    expect([await ask(), await ask()]).toEqual(['queued', 'model test-model']);
  });

  it('keeps its pace', async () => {
    const { client } = await start({ behaviour: { ttftMs: 40, tokenMs: 10, reply: 'one two three' } });
    const started = performance.now();
    const stream = await client.chat.completions.create({ model: 'test-model', messages, stream: true });
    const times: number[] = [];
    for await (const chunk of stream)
      if (chunk.choices[0]?.delta.content) times.push(performance.now() - started);
    expect(times[0]).toBeGreaterThanOrEqual(40);
    expect(times[2]).toBeGreaterThanOrEqual(60);
  });

  it('records requests and what became of them', async () => {
    const { server, client } = await start({ behaviour: { tokenMs: 5 } });
    const stream = await client.chat.completions.create({ model: 'test-model', messages, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await client.chat.completions.create({ model: 'test-model', messages });
    await Promise.all(server.requests.map(({ over }) => over));
    expect(server.requests.map(({ path, aborted }) => [path, aborted])).toEqual([
      ['/v1/chat/completions', true],
      ['/v1/chat/completions', false],
    ]);
    expect(server.active).toBe(0);
  });

  it('runs as a child process', async () => {
    const child = await forkModelServer({ behaviour: { reply: 'from the child' } });
    try {
      const client = new OpenAI({ apiKey: 'any', baseURL: child.url, maxRetries: 0 });
      const answer = await client.chat.completions.create({ model: 'test-model', messages });
      expect(answer.choices[0]?.message.content).toBe('from the child');
    } finally {
      await child.stop();
    }
    await expect(fetch(`${child.url}/models`)).rejects.toThrow();
  });
});

describe('TimerWheel', () => {
  it('calls back in the order of the due times, never early', async () => {
    const wheel = new TimerWheel();
    const started = performance.now();
    const fired: [number, number][] = [];
    await Promise.all(
      [30, 5, 0, 12].map(
        (ms) =>
          new Promise<void>((resolve) => {
            wheel.schedule(ms, () => {
              fired.push([ms, performance.now() - started]);
              resolve();
            });
          }),
      ),
    );
    expect(fired.map(([ms]) => ms)).toEqual([0, 5, 12, 30]);
    for (const [ms, at] of fired) expect(at).toBeGreaterThanOrEqual(ms);
  });
});
