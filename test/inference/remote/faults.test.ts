import { describe, expect, it } from 'vitest';
import { chat, collect, failure, key, raw, remote, server, stream } from './fixture.js';

const longText = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');

describe('a prompt that does not fit', () => {
  it.each(['vllm', 'llama.cpp', 'fastchat', 'openai'] as const)(
    '%s: RAPPORT_E_CONTEXT_OVERFLOW with the sizes',
    async (dialect) => {
      const double = await server({ dialect, contextTokens: 50 });
      const model = remote([double.url]);
      for (const request of [
        raw({ prompt: longText }),
        chat({ messages: [{ role: 'user', content: longText }] }),
      ]) {
        const { error } = await failure(stream(model, request), 'RAPPORT_E_CONTEXT_OVERFLOW');
        expect(error.details).toEqual({ tokens: 60, window: 50, route: 'gpu' });
      }
      expect(model.pool.health()[0]).toMatchObject({ state: 'ready', failed: 0 });
    },
  );

  it('is recognised inside a stream too', async () => {
    const event = { text: 'maximum context length is 50 tokens', error_code: 40_303 };
    const double = await server({
      behaviour: { role: 'none', fault: { kind: 'event', afterTokens: 0, event } },
    });
    await failure(stream(remote([double.url])), 'RAPPORT_E_CONTEXT_OVERFLOW');
  });
});

describe('an error beside a delta (D.4)', () => {
  const error = { code: 502, message: 'the provider went away' };
  it.each([
    ['in the event', { error, choices: [{ delta: { content: ' and so' }, finish_reason: 'error' }] }],
    ['in the choice', { choices: [{ delta: { content: ' and so' }, error, finish_reason: null }] }],
    ['of a raw completion', { error, choices: [{ text: ' and so', finish_reason: null }] }],
  ])('%s is told, and what came before it is shown', async (_, event) => {
    const double = await server({
      behaviour: { reply: 'I hear you', fault: { kind: 'event', afterTokens: 2, event } },
    });
    const { error: told, text } = await failure(stream(remote([double.url])), 'RAPPORT_E_MODEL_INTERRUPTED');
    expect(told.details.reason).toBe('the provider went away');
    expect(text).toMatch(/^I hear(?: and so)?$/);
  });

  it('that is none does no harm', async () => {
    const event = {
      error: null,
      choices: [{ delta: { content: ' indeed' }, error: {}, finish_reason: null }],
    };
    const double = await server({ behaviour: { fault: { kind: 'event', afterTokens: 2, event } } });
    const shown: string[] = [];
    const reading = (async () => {
      for await (const delta of stream(remote([double.url])))
        if (delta.type === 'text') shown.push(delta.text);
    })();
    await reading.catch((thrown: unknown) =>
      expect(thrown).toMatchObject({ code: 'RAPPORT_E_MODEL_INTERRUPTED' }),
    );
    expect(shown.join('')).toContain('indeed');
  });
});

describe('a refusal', () => {
  it('carries the words of the server, without the key', async () => {
    const double = await server({ apiKey: 'another-key' });
    const { error } = await failure(stream(remote([double.url])), 'RAPPORT_E_MODEL_REFUSED');
    expect(error.details).toEqual({ status: 401, reason: 'Incorrect API key provided: ***.' });
    expect(error.message).not.toContain(key);
    expect(double.completions).toHaveLength(1);
  });

  it.each([
    ['vllm' as const, 404],
    ['fastchat' as const, 400],
    ['openai' as const, 404],
  ])('%s names an unknown model', async (dialect, status) => {
    const double = await server({ dialect });
    const { error } = await failure(
      stream(remote([double.url]), chat({ model: 'nobody' })),
      'RAPPORT_E_MODEL_REFUSED',
    );
    expect(error.details).toEqual({ status, reason: 'The model `nobody` does not exist.' });
  });

  it('is kept short, in one line, and free of what looks like a secret', async () => {
    const double = await server();
    const body = `<pre>\n${'very long '.repeat(100_000)}`;
    double.enqueue({ fault: { kind: 'status', status: 400, body } });
    const model = remote([double.url]);
    const long = await failure(stream(model), 'RAPPORT_E_MODEL_REFUSED');
    expect(String(long.error.details.reason)).toMatch(/^<pre> very long very/);
    expect(String(long.error.details.reason).length).toBeLessThanOrEqual(300);
    double.enqueue({
      fault: { kind: 'status', status: 403, body: { error: 'key sk-proj-abcdef123456 is revoked' } },
    });
    const secret = await failure(stream(model), 'RAPPORT_E_MODEL_REFUSED');
    expect(secret.error.details.reason).toBe('key sk-*** is revoked');
  });

  it('of a value is not mistaken for a refusal of the field', async () => {
    const double = await server();
    const error = {
      message: 'top_k must be -1 (disable), or at least 1, got 0.',
      type: 'BadRequestError',
      code: 400,
    };
    double.enqueue({ fault: { kind: 'status', status: 400, body: { error } } });
    await failure(stream(remote([double.url]), chat({ top_k: 0 })), 'RAPPORT_E_MODEL_REFUSED');
    expect(double.completions).toHaveLength(1);
  });

  it('says so when the address lacks /v1', async () => {
    const double = await server();
    const { error } = await failure(stream(remote([double.root])), 'RAPPORT_E_MODEL_REFUSED');
    expect(error.details.reason).toBe(`Not Found (the address ${double.root} does not end in /v1)`);
  });
});

describe('silence', () => {
  it('before the first token is RAPPORT_E_MODEL_TIMEOUT, and the request is aborted', async () => {
    const double = await server({ behaviour: { fault: { kind: 'hang' } } });
    const model = remote([double.url], { timeouts: { firstTokenMs: 60, betweenTokensMs: 5_000 } });
    const { error } = await failure(stream(model), 'RAPPORT_E_MODEL_TIMEOUT');
    expect(error.details).toEqual({ ms: 60, phase: 'before the first token' });
    await double.requests[0]?.over;
    expect(double.requests[0]?.aborted).toBe(true);
  });

  it('after the role chunk still counts as before the first token', async () => {
    const double = await server({ behaviour: { role: 'empty', fault: { kind: 'stall', afterTokens: 0 } } });
    const model = remote([double.url], { timeouts: { firstTokenMs: 60, betweenTokensMs: 5_000 } });
    const { error } = await failure(stream(model), 'RAPPORT_E_MODEL_TIMEOUT');
    expect(error.details.phase).toBe('before the first token');
  });

  it('between tokens is RAPPORT_E_MODEL_TIMEOUT with the other limit, after the text so far', async () => {
    const double = await server({ behaviour: { fault: { kind: 'stall', afterTokens: 3 } } });
    const model = remote([double.url], { timeouts: { firstTokenMs: 5_000, betweenTokensMs: 60 } });
    const { error, text } = await failure(stream(model), 'RAPPORT_E_MODEL_TIMEOUT');
    expect(text).toBe('I hear you.');
    expect(error.details).toEqual({ ms: 60, phase: 'between two tokens' });
    await double.requests[0]?.over;
    expect(double.requests[0]?.aborted).toBe(true);
  });

  it('of the reader is not held against the server', async () => {
    const double = await server();
    const model = remote([double.url], { timeouts: { firstTokenMs: 5_000, betweenTokensMs: 200 } });
    const { url } = await server({ behaviour: { ttftMs: 300 } });
    const slow = remote([url]);
    let text = '';
    for await (const delta of stream(model)) {
      if (delta.type !== 'text') continue;
      text += delta.text;
      // Reading pauses longer than a token may take.
      if (text.length < 8) await collect(stream(slow));
    }
    expect(text).toMatch(/^I hear you\..*happened\.$/);
  });

  it('after the reply does not keep the reply', async () => {
    const double = await server({
      behaviour: { finish: 'with-text', reply: ['Hi', ' you'], fault: { kind: 'stall', afterTokens: 2 } },
    });
    const { text, done } = await collect(stream(remote([double.url])));
    expect([text, done.finishReason]).toEqual(['Hi you', 'stop']);
  });
});

describe('a stream that breaks', () => {
  it('after text is RAPPORT_E_MODEL_INTERRUPTED, with the text so far', async () => {
    const double = await server({ behaviour: { fault: { kind: 'cut', afterTokens: 3 } } });
    const other = await server();
    const model = remote([double.url, other.url]);
    const affinity = affinityOf(model, double.url);
    const { error, text } = await failure(stream(model, chat(), { affinity }), 'RAPPORT_E_MODEL_INTERRUPTED');
    expect(text).toBe('I hear you.');
    expect(error.message).toContain('connection was cut');
    expect(other.completions).toHaveLength(0);
  });

  it('cleanly but too early is interrupted as well', async () => {
    const double = await server({ behaviour: { fault: { kind: 'end-early', afterTokens: 2 } } });
    const { error, text } = await failure(stream(remote([double.url])), 'RAPPORT_E_MODEL_INTERRUPTED');
    expect(text).toBe('I hear');
    expect(error.details.reason).toBe('the stream ended without a finish reason');
  });

  it.each([
    [
      'OpenAI error object',
      { error: { message: 'engine died', type: 'server_error', code: null } },
      'engine died',
    ],
    ['FastChat error_code', { text: 'CUDA out of memory', error_code: 50_002 }, 'CUDA out of memory'],
    ['older vLLM error', { object: 'error', message: 'engine died', code: 500 }, 'engine died'],
    ['no JSON', '{"choices": [', 'the stream holds a line that is not JSON'],
  ])('with an event (%s) is interrupted with its words', async (_name, event, reason) => {
    const double = await server({ behaviour: { fault: { kind: 'event', afterTokens: 2, event } } });
    const { error, text } = await failure(stream(remote([double.url])), 'RAPPORT_E_MODEL_INTERRUPTED');
    expect(text).toBe('I hear');
    expect(error.details.reason).toBe(reason);
  });

  function affinityOf(model: ReturnType<typeof remote>, url: string): string {
    const own = model.pool.health().map((report) => report.url);
    for (let n = 0; n < 100; n += 1) if (model.pool.order(`c${n}`)[0] === url) return `c${n}`;
    return expect.fail(`${url} is first for nobody among ${own.join(', ')}`);
  }
});

describe('an abort', () => {
  it('reaches the server in the middle of the stream', async () => {
    const double = await server({ behaviour: { tokenMs: 5 } });
    const stop = new AbortController();
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const delta of stream(remote([double.url]), chat(), { signal: stop.signal })) {
        if (delta.type === 'text') seen.push(delta.text);
        if (seen.length === 2) stop.abort(new Error('stopped by the person'));
      }
    };
    await expect(read()).rejects.toThrow('stopped by the person');
    await double.requests[0]?.over;
    expect(double.requests[0]?.aborted).toBe(true);
    expect(seen).toEqual(['I', ' hear']);
  });

  it('reaches the server before the first byte', async () => {
    const double = await server({ behaviour: { fault: { kind: 'hang' } } });
    const stop = new AbortController();
    const model = remote([double.url]);
    const reading = collect(stream(model, chat(), { signal: stop.signal }));
    await double.received(1);
    stop.abort(new Error('never mind'));
    await expect(reading).rejects.toThrow('never mind');
    await double.requests[0]?.over;
    expect(double.requests[0]?.aborted).toBe(true);
    expect(model.pool.health()[0]).toMatchObject({ state: 'ready', failed: 0, active: 0 });
  });

  it('before the start sends nothing', async () => {
    const double = await server();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(collect(stream(remote([double.url]), chat(), { signal }))).rejects.toThrow('too late');
    expect(double.requests).toHaveLength(0);
  });

  it('is what leaving the loop amounts to', async () => {
    const double = await server({ behaviour: { tokenMs: 5 } });
    const model = remote([double.url]);
    for await (const delta of stream(model)) if (delta.type === 'text') break;
    await double.requests[0]?.over;
    expect(double.requests[0]?.aborted).toBe(true);
    expect(model.pool.health()[0]?.active).toBe(0);
  });
});
