import { describe, expect, it } from 'vitest';
import { type Behaviour, defaultReply } from '../../doubles/model-server.js';
import { chat, collect, key, raw, remote, server, stream } from './fixture.js';

describe('a well-behaved server', () => {
  it('streams a chat completion with usage, past the role chunk with null content', async () => {
    const double = await server();
    const { text, pieces, done } = await collect(stream(remote([double.url]), chat({ max_tokens: 50 })));
    expect(text).toBe(defaultReply);
    expect(pieces.length).toBeGreaterThan(5);
    expect(done).toEqual({
      type: 'done',
      finishReason: 'stop',
      usage: { promptTokens: 6, completionTokens: 11 },
    });
  });

  it('streams a raw completion', async () => {
    const double = await server({ behaviour: { stopReason: true } });
    const { text, done } = await collect(stream(remote([double.url]), raw({ stop: [' a little'] })));
    expect(text).toBe('I hear you. Tell me');
    expect(done).toMatchObject({ finishReason: 'stop', stopReason: ' a little' });
    expect(double.requests[0]?.path).toBe('/v1/completions');
  });

  it('sends exactly the request, with unknown sampling fields, and a key', async () => {
    const double = await server();
    const request = raw({
      prompt: [50_262, 2_093],
      top_k: 10,
      min_p: 0.05,
      repetition_penalty: 1.1,
      temperature: 0,
      stop: ['\n'],
    });
    await collect(stream(remote([double.url]), request));
    const [seen] = double.requests;
    const added = { repeat_penalty: 1.1, stream: true, stream_options: { include_usage: true } };
    expect(seen?.body).toEqual({ ...request.body, ...added });
    expect(seen?.headers.authorization).toBe(`Bearer ${key}`);
  });

  it('sends no authorization without a key, and nothing of the environment', async () => {
    const double = await server();
    process.env.OPENAI_API_KEY = 'sk-of-another-service';
    process.env.OPENAI_ORG_ID = 'org-of-another-service';
    try {
      await collect(stream(remote([double.url], { apiKey: undefined })));
    } finally {
      delete process.env.OPENAI_API_KEY;
      delete process.env.OPENAI_ORG_ID;
    }
    expect(JSON.stringify(double.requests[0]?.headers)).not.toContain('another-service');
    expect(double.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('turns a user name in the address into a Basic authorization and keeps it out of reports', async () => {
    const double = await server();
    const model = remote([double.url.replace('//', '//anna:s%40crt@')], { apiKey: undefined });
    await collect(stream(model));
    expect(double.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('anna:s@crt').toString('base64')}`,
    );
    expect(JSON.stringify(model.pool.health())).not.toContain('crt');
  });

  it('reports length and the stop reason of the end of text', async () => {
    const double = await server({ behaviour: { stopReason: true } });
    const model = remote([double.url]);
    const short = await collect(stream(model, chat({ max_tokens: 3 })));
    expect(short).toMatchObject({ text: 'I hear you.', done: { finishReason: 'length', stopReason: null } });
    const whole = await collect(stream(model));
    expect(whole.done).toMatchObject({ finishReason: 'stop', stopReason: null });
  });

  it('reuses the connection', async () => {
    const double = await server();
    const model = remote([double.url]);
    for (let turn = 0; turn < 20; turn += 1) await collect(stream(model));
    expect(double.completions).toHaveLength(20);
    // A request on the heels of another may open a second connection, never a third.
    expect(double.connections).toBeLessThanOrEqual(2);
  });

  it('serves many streams at once', async () => {
    const double = await server({ behaviour: { ttftMs: 5, tokenMs: 2 } });
    const model = remote([double.url]);
    const replies = await Promise.all(Array.from({ length: 100 }, () => collect(stream(model))));
    expect(replies.map(({ text }) => text)).toEqual(Array.from({ length: 100 }, () => defaultReply));
    expect(double.peak).toBeGreaterThan(10);
  });
});

describe('servers that differ', () => {
  it.each<[string, Behaviour]>([
    ['no role chunk', { role: 'none' }],
    ['an empty role chunk', { role: 'empty' }],
    ['the finish reason in the last text chunk', { finish: 'with-text' }],
    ['usage on every chunk', { usage: 'each' }],
    ['no usage', { usage: 'never' }],
    ['no [DONE]', { doneMark: false }],
    ['[DONE] without a finish reason', { finish: 'none' }],
    ['a whole JSON answer instead of a stream', { ignoreStream: true }],
  ])('%s', async (_name, behaviour) => {
    const double = await server({ behaviour });
    for (const request of [chat(), raw()]) {
      const { text, done } = await collect(stream(remote([double.url]), request));
      expect(text).toBe(defaultReply);
      expect(done.finishReason).toBe('stop');
      expect(done.usage === undefined).toBe(behaviour.usage === 'never');
    }
  });

  it('puts characters together that were split over chunks', async () => {
    const reply = ['Schö', 'ne Grüße', ' 👩‍🚀', ' 你好', '…'];
    const double = await server({ behaviour: { reply, splitUtf8: true } });
    const { text, pieces } = await collect(stream(remote([double.url])));
    expect(text).toBe(reply.join(''));
    expect(pieces).toEqual(reply);
  });

  it.each(['include', 'ignore'] as const)(
    '%s stop strings: none of it shows, also when split over chunks',
    async (stops) => {
      const reply = [
        'I am',
        ' glad',
        '.<',
        '|e',
        'ot',
        '|>\n',
        'Man (speaking): Hi',
        ' there',
        ' again',
        ' and again',
      ];
      const double = await server({ behaviour: { reply, stops, tokenMs: 1 } });
      const { text, done } = await collect(stream(remote([double.url]), raw({ stop: ['<|eot|>'] })));
      expect(text).toBe('I am glad.');
      expect(done).toMatchObject({ finishReason: 'stop', stopReason: '<|eot|>' });
      await double.requests[0]?.over;
      // The rest is not waited for; where nothing is left, usage still arrives.
      expect(double.requests[0]?.aborted).toBe(stops === 'ignore');
      expect(done.usage === undefined).toBe(stops === 'ignore');
    },
  );

  it('drops a torn stop string at the length limit and keeps a look-alike at a natural end', async () => {
    const double = await server({ behaviour: { reply: ['So', ' 1 ', '<|', 'eot'], stops: 'ignore' } });
    const model = remote([double.url]);
    const torn = await collect(stream(model, raw({ stop: ['<|eot|>'], max_tokens: 3 })));
    expect(torn).toMatchObject({ text: 'So 1 ', done: { finishReason: 'length' } });
    const whole = await collect(stream(model, raw({ stop: ['<|eot|>'] })));
    expect(whole).toMatchObject({ text: 'So 1 <|eot', done: { finishReason: 'stop' } });
  });

  it.each(['vllm', 'openai', 'fastchat'] as const)(
    '%s refusing fields: they are left out, once learnt',
    async (dialect) => {
      const double = await server({ dialect, refuseFields: ['stream_options', 'top_k', 'min_p'] });
      const model = remote([double.url]);
      const request = chat({ top_k: 5, min_p: 0.1, temperature: 0.5 });
      expect((await collect(stream(model, request))).text).toBe(defaultReply);
      const tries = double.completions.length;
      expect(tries).toBe(4);
      expect((await collect(stream(model, request))).text).toBe(defaultReply);
      expect(double.completions.length).toBe(tries + 1);
      expect(double.completions.at(-1)?.body).toMatchObject({ temperature: 0.5 });
    },
  );

  it('strictOpenAi sends nothing but the OpenAI API from the start', async () => {
    const double = await server({
      dialect: 'openai',
      refuseFields: ['top_k', 'min_p', 'repetition_penalty', 'max_tokens'],
    });
    const model = remote([double.url], { strictOpenAi: true });
    const stop = ['1', '2', '3', '4', 'little'];
    const sampling = { top_k: 5, min_p: 0.1, repetition_penalty: 1.2, max_tokens: 20, stop };
    const { text } = await collect(stream(model, chat(sampling)));
    expect(text).toBe('I hear you. Tell me a ');
    expect(double.completions).toHaveLength(1);
    expect(double.completions[0]?.body).toMatchObject({
      stop: ['1', '2', '3', '4'],
      max_completion_tokens: 20,
    });
  });

  it('turns to max_completion_tokens where a model asks for it', async () => {
    const double = await server();
    const message =
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    const body = {
      error: { message, type: 'invalid_request_error', param: 'max_tokens', code: 'unsupported_parameter' },
    };
    double.enqueue({ fault: { kind: 'status', status: 400, body } });
    await collect(stream(remote([double.url]), chat({ max_tokens: 7 })));
    expect(double.completions[1]?.body).toMatchObject({ max_completion_tokens: 7 });
    expect(double.completions[1]?.body).not.toHaveProperty('max_tokens');
  });
});
