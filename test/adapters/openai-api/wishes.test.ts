import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../config/root.js';
import { createEmbeddedModel } from '../../../inference/embedded/embedded-chat-model.js';
import { systemClock } from '../../../src/clock.js';
import type { ModelRoute } from '../../../src/prompting/chat-model.js';
import { silentLogger } from '../../../src/telemetry/logger.js';
import { says } from '../../session/scripted-model.js';
import { startServer, type TestServer } from '../web/server.js';

/** What a call says of how its reply is drawn and where it ends (issue 14, C.3). */
describe('the wishes of a call', () => {
  let server: TestServer;
  let client: OpenAI;
  const start = async (route: Partial<ModelRoute> = {}): Promise<void> => {
    server = await startServer({ route });
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
  };
  beforeEach(() => start());
  afterEach(() => server.stop());

  const ask = async (
    more: object,
    content = 'hello',
  ): Promise<{ readonly text: string | null | undefined; readonly finish: string | undefined }> => {
    const messages = [{ role: 'user' as const, content }];
    const body = { model: 'maren-voss', messages, ...more };
    const headers = { ...('user' in more && { 'x-rapport-conversation': 'one' }) };
    const { choices } = await client.chat.completions.create({ ...body, stream: false }, { headers });
    return { text: choices[0]?.message.content, finish: choices[0]?.finish_reason };
  };
  const sent = (): object => server.model.requests.at(-1)?.body ?? {};

  it('reach the model as they are', async () => {
    await ask({ temperature: 0, top_p: 0.5, seed: 7, presence_penalty: 0.2, frequency_penalty: -0.1 });
    expect(sent()).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      seed: 7,
      presence_penalty: 0.2,
      frequency_penalty: -0.1,
    });
    await ask({ top_p: 0 });
    expect(sent()).toMatchObject({ temperature: 0.8, top_p: 0.001 });
    await ask({ temperature: null, max_tokens: null, stop: null });
    expect(sent()).toMatchObject({ temperature: 0.8, top_p: 0.9, max_tokens: 300 });
  });

  it('OpenAI’s own defaults are no wishes: a checkpoint keeps its decoding (issue 14, D.5)', async () => {
    await ask({ temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0 });
    expect(sent()).toMatchObject({ temperature: 0.8, top_p: 0.9 });
    expect(sent()).not.toHaveProperty('presence_penalty');
  });

  it.each([
    ['max_tokens', { max_tokens: 20 }, 20],
    ['max_completion_tokens', { max_completion_tokens: 30 }, 30],
    ['the newer of the two', { max_tokens: 20, max_completion_tokens: 30 }, 30],
    ['no more than the operator lets', { max_tokens: 100_000 }, 300],
  ])('bound the reply by %s', async (_what, more, tokens) => {
    await ask(more);
    expect(sent()).toMatchObject({ max_tokens: tokens });
  });

  it('are those of the operator where a call has none, also after one that had', async () => {
    await server.stop();
    await start({ sampling: { max_tokens: 80, temperature: 0.3 } });
    await ask({ max_tokens: 100, temperature: 1.5, user: 'ada' });
    expect(sent()).toMatchObject({ max_tokens: 80, temperature: 1.5 });
    await ask({ user: 'ada' });
    expect(sent()).toMatchObject({ max_tokens: 80, temperature: 0.3 });
  });

  it.each([
    ['a string', 'Tell', 'I hear you. '],
    ['a list', ['never', 'you'], 'I hear '],
    ['a string torn apart by the stream', 'you. Tell', 'I hear '],
  ])('end the reply before %s', async (_what, stop, text) => {
    server.model.usual = says('I hear y', 'ou. ', 'Te', 'll me more.');
    expect(await ask({ stop })).toEqual({ text: text.trim(), finish: 'stop' });
    expect(sent()).toMatchObject({ stop: [stop].flat() });
    let streamed = '';
    const messages = [{ role: 'user' as const, content: 'hello' }];
    const stream = await client.chat.completions.create({
      model: 'maren-voss',
      messages,
      stop,
      stream: true,
    });
    for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? '';
    expect(streamed.trim()).toBe(text.trim());
  });

  it('leave a reply whole that only begins like a stop string', async () => {
    expect(await ask({ stop: 'more. And' })).toEqual({ text: 'I hear you. Tell me more.', finish: 'stop' });
  });

  it('are said to be the cause where they leave nothing of the reply', async () => {
    await expect(ask({ stop: 'I hear', user: 'ada' })).rejects.toMatchObject({
      status: 400,
      code: 'RAPPORT_E_INPUT_INVALID',
      message: expect.stringContaining('stop: the reply begins with'),
    });
    await ask({ user: 'ada' });
    expect(server.model.prompt.match(/hello/g)).toHaveLength(1);
  });

  it('look behind the header that a checkpoint writes before its words', async () => {
    await server.stop();
    await start({ format: 'character-llm' });
    server.model.usual = says('speaking): I hear you. Tell: me<|eot|>');
    expect(await ask({ stop: ':' })).toEqual({ text: 'I hear you. Tell', finish: 'stop' });
    expect(sent()).toMatchObject({ stop: ['<|eot|>'] });
  });

  it('hold for the voice inside the process', async () => {
    const voice = createEmbeddedModel({
      model: join(packageRoot, 'models/supporter-mini'),
      dataDir: tmpdir(),
      candidates: 3,
      threads: 1,
      logger: silentLogger,
      clock: systemClock,
    });
    try {
      const { format, contextTokens, sampling } = voice;
      await server.stop();
      await start({ model: voice, format, contextTokens, sampling });
      const cut = await ask({ max_tokens: 3, temperature: 0.4, top_p: 0.8 });
      expect(cut.finish).toBe('length');
      expect(cut.text?.split(/\s+/).length).toBeLessThanOrEqual(3);
      const stopped = await ask({ stop: ['.', '!', '?', ','] });
      expect(stopped.text).toMatch(/^[^.!?,]+$/);
    } finally {
      await voice.close();
    }
  });

  it('stop nothing that care says', async () => {
    const { text } = await ask({ stop: ['a', 'e', '9'], max_tokens: 1 }, 'I want to kill myself');
    expect(text).toContain('988');
  });

  it.each([
    ['temperature', 3],
    ['temperature', 'hot'],
    ['top_p', 1.1],
    ['max_tokens', 0],
    ['max_completion_tokens', 1.5],
    ['presence_penalty', 5],
    ['stop', ['x'.repeat(201)]],
    ['stop', Array.from({ length: 17 }, () => 'x')],
    ['logit_bias', { 50256: -100 }],
  ])('are refused by name where they cannot be: %s %j', async (param, value) => {
    await expect(ask({ [param]: value })).rejects.toMatchObject({
      status: 400,
      code: 'RAPPORT_E_INPUT_INVALID',
      param: expect.stringContaining(param),
      message: expect.stringContaining(param),
    });
    expect(server.model.requests).toHaveLength(0);
  });
});
