import { describe, expect, it } from 'vitest';
import type { RemoteModel } from '../../../inference/remote/remote-model.js';
import { type Clock, systemClock } from '../../../src/clock.js';
import { defaultReply, type Fault, type ModelServer, startModelServer } from '../../doubles/model-server.js';
import { chat, collect, deadUrl, failure, remote, server, stream } from './fixture.js';

/** A character whose first choice is `url`. */
function characterOf(model: RemoteModel, url: string): string {
  for (let n = 0; n < 200; n += 1) if (model.pool.order(`c${n}`)[0] === url) return `c${n}`;
  return expect.fail(`${url} is the first choice of nobody`);
}

describe('affinity', () => {
  it('keeps a character on one endpoint and spreads the characters', async () => {
    const doubles = await Promise.all([server(), server(), server()]);
    const model = remote(doubles.map(({ url }) => url));
    for (const affinity of ['anna', 'ben', 'anna', 'ben', 'anna'])
      await collect(stream(model, chat(), { affinity }));
    for (let n = 0; n < 12; n += 1) await collect(stream(model, chat(), { affinity: `c${n}` }));
    const used = doubles.map((double) => double.completions.length);
    expect(used.reduce((a, b) => a + b)).toBe(17);
    expect(used.filter((count) => count > 0).length).toBeGreaterThan(1);
    const first = model.pool.order('anna')[0];
    expect(doubles.find(({ url }) => url === first)?.completions.length).toBeGreaterThanOrEqual(3);
  });
});

describe('failover before the first token', () => {
  it.each<[string, Fault]>([
    ['HTTP 500', { kind: 'status', status: 500, body: { error: { message: 'engine died' } } }],
    ['HTTP 429', { kind: 'status', status: 429, body: {}, headers: { 'retry-after': '1' } }],
    [
      'a page',
      { kind: 'status', status: 200, body: '<html>hello</html>', headers: { 'content-type': 'text/html' } },
    ],
    ['a reset', { kind: 'reset' }],
    ['a cut before text', { kind: 'cut', afterTokens: 0 }],
    ['an early end', { kind: 'end-early', afterTokens: 0 }],
    [
      'an error event',
      { kind: 'event', afterTokens: 0, event: { error: { message: 'overloaded', code: 503 } } },
    ],
    [
      'FastChat out of memory',
      { kind: 'event', afterTokens: 0, event: { text: 'CUDA', error_code: 50_002 } },
    ],
    ['silence', { kind: 'hang' }],
  ])('after %s the next endpoint answers', async (_name, fault) => {
    const broken = await server({ behaviour: { fault } });
    const sound = await server();
    const model = remote([broken.url, sound.url], {
      timeouts: { firstTokenMs: 250, betweenTokensMs: 5_000 },
    });
    const affinity = characterOf(model, broken.url);
    expect((await collect(stream(model, chat(), { affinity }))).text).toBe(defaultReply);
    expect([broken.completions.length, sound.completions.length]).toEqual([1, 1]);
  });

  it('happens while text is only held back as a possible stop string', async () => {
    const broken = await server({
      behaviour: { reply: ['<|', 'eo', 'x'], fault: { kind: 'cut', afterTokens: 2 } },
    });
    const sound = await server();
    const model = remote([broken.url, sound.url]);
    const affinity = characterOf(model, broken.url);
    expect((await collect(stream(model, chat({ stop: ['<|eot|>'] }), { affinity }))).text).toBe(defaultReply);
  });

  it('does not happen after a refusal', async () => {
    const strict = await server({
      behaviour: { fault: { kind: 'status', status: 403, body: { detail: 'no' } } },
    });
    const other = await server();
    const model = remote([strict.url, other.url]);
    const affinity = characterOf(model, strict.url);
    await failure(stream(model, chat(), { affinity }), 'RAPPORT_E_MODEL_REFUSED');
    expect(other.completions).toHaveLength(0);
  });
});

describe('when nobody answers', () => {
  it('is RAPPORT_E_MODEL_UNAVAILABLE with the reason of each endpoint', async () => {
    const dead = await deadUrl();
    const broken = await server({
      behaviour: { fault: { kind: 'status', status: 502, body: 'bad gateway' } },
    });
    const { error } = await failure(stream(remote([dead, broken.url])), 'RAPPORT_E_MODEL_UNAVAILABLE');
    expect(error.details.route).toBe('gpu');
    expect(error.details.reason).toContain(`${dead}: connect ECONNREFUSED`);
    expect(error.details.reason).toContain(`${broken.url}: bad gateway`);
  });

  it('is RAPPORT_E_MODEL_TIMEOUT where all of them were silent', async () => {
    const doubles = await Promise.all([1, 2].map(() => server({ behaviour: { fault: { kind: 'hang' } } })));
    const model = remote(
      doubles.map(({ url }) => url),
      { timeouts: { firstTokenMs: 40, betweenTokensMs: 40 } },
    );
    await failure(stream(model), 'RAPPORT_E_MODEL_TIMEOUT');
    expect(doubles.map((double) => double.completions.length)).toEqual([1, 1]);
  });

  it('says so without any address', async () => {
    const { error } = await failure(stream(remote([])), 'RAPPORT_E_MODEL_UNAVAILABLE');
    expect(error.details.reason).toBe('no address is configured');
  });
});

describe('rounds', () => {
  /** The real clock, but pauses take no time and are noted. */
  function impatient(): { clock: Clock; pauses: number[] } {
    const pauses: number[] = [];
    let ahead = 0;
    const clock: Clock = {
      now: () => systemClock.now() + ahead,
      elapsed: systemClock.elapsed,
      sleep: async (ms) => {
        pauses.push(ms);
        ahead += ms;
      },
    };
    return { clock, pauses };
  }
  const random = { next: () => 0.5, id: () => 'id' };

  it('tries again after a short pause when every endpoint failed', async () => {
    const double = await server();
    double.enqueue({ fault: { kind: 'reset' } });
    const { clock, pauses } = impatient();
    const model = remote([double.url], { retry: { rounds: 2, maxWaitMs: 1_000 }, clock, random });
    expect((await collect(stream(model))).text).toBe(defaultReply);
    expect(pauses).toEqual([100]);
  });

  it.each([
    ['seconds', { 'retry-after': '3' }, 3_000],
    ['milliseconds', { 'retry-after-ms': '1500' }, 1_500],
  ])('honours Retry-After in %s', async (_name, headers, ms) => {
    const double = await server();
    double.enqueue({ fault: { kind: 'status', status: 429, headers } });
    const { clock, pauses } = impatient();
    const model = remote([double.url], { retry: { rounds: 2, maxWaitMs: 5_000 }, clock, random });
    expect((await collect(stream(model))).text).toBe(defaultReply);
    expect(pauses[0]).toBeGreaterThan(ms - 200);
    expect(pauses[0]).toBeLessThanOrEqual(ms);
  });

  it('does not wait for longer than it may, and leaves the endpoint alone meanwhile', async () => {
    const double = await server();
    double.enqueue({
      fault: { kind: 'status', status: 429, body: { error: 'slow down' }, headers: { 'retry-after': '60' } },
    });
    const model = remote([double.url], { retry: { rounds: 3, maxWaitMs: 5_000 } });
    const first = await failure(stream(model), 'RAPPORT_E_MODEL_UNAVAILABLE');
    expect(first.error.details.reason).toBe(`${double.url}: slow down`);
    const second = await failure(stream(model), 'RAPPORT_E_MODEL_UNAVAILABLE');
    expect(second.error.details.reason).toBe(`${double.url}: slow down (not asked for another 60 s)`);
    expect(double.completions).toHaveLength(1);
    expect(model.pool.health()[0]?.state).toBe('limited');
  });

  it('an abort ends the pause', async () => {
    const double = await server();
    double.enqueue({ fault: { kind: 'status', status: 429, headers: { 'retry-after': '20' } } });
    const model = remote([double.url], { retry: { rounds: 2, maxWaitMs: 30_000 } });
    const stop = new AbortController();
    const reading = collect(stream(model, chat(), { signal: stop.signal }));
    await double.requests[0]?.over;
    await double.received(1);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('an account that is used up', () => {
  it.each([
    [
      429,
      {
        error: {
          message: 'You exceeded your current quota, please check your plan.',
          code: 'insufficient_quota',
        },
      },
    ],
    [402, { error: { message: 'Insufficient Balance' } }],
    [
      400,
      {
        error: {
          message: 'Your credit balance is too low to access the API.',
          type: 'invalid_request_error',
        },
      },
    ],
  ])('D.4: HTTP %i %j is not busy and is not tried again', async (status, body) => {
    const double = await server({ behaviour: { fault: { kind: 'status', status, body } } });
    const model = remote([double.url], { retry: { rounds: 3, maxWaitMs: 1_000 } });
    const { error } = await failure(stream(model), 'RAPPORT_E_MODEL_QUOTA');
    expect(error.cure).toContain('credit');
    expect(double.completions).toHaveLength(1);
    expect(model.pool.health()[0]?.state).toBe('ready');
    double.behaviour = {};
    expect((await collect(stream(model))).text).toBe(defaultReply);
  });

  it('D.4: another server takes over', async () => {
    const fault = {
      kind: 'status',
      status: 429,
      body: { error: { code: 'insufficient_quota', message: 'x' } },
    } as const;
    const [spent, sound] = [await server({ behaviour: { fault } }), await server()];
    const model = remote([spent.url, sound.url]);
    const affinity = characterOf(model, spent.url);
    expect((await collect(stream(model, chat(), { affinity }))).text).toBe(defaultReply);
  });
});

describe('circuit breaker', () => {
  it('stops asking an endpoint that fails, and comes back to it once it serves again', async () => {
    const gone = await startModelServer();
    const { port, url } = gone;
    await gone.stop();
    const sound = await server();
    const model = remote([url, sound.url], { breaker: { failures: 2, halfOpenAfterMs: 30 } });
    const affinity = characterOf(model, url);
    const ask = async (): Promise<string> => (await collect(stream(model, chat(), { affinity }))).text;
    expect(await ask()).toBe(defaultReply);
    expect(await ask()).toBe(defaultReply);
    expect(model.pool.health()[0]).toMatchObject({ url, state: 'down', failed: 2 });
    expect(model.pool.health()[0]?.lastError?.reason).toContain('ECONNREFUSED');

    const back: ModelServer = await startModelServer({ port });
    try {
      while (back.completions.length === 0) expect(await ask()).toBe(defaultReply);
      // A light request came first: no turn was put at risk.
      expect(back.requests[0]?.path).toBe('/v1/models');
      expect(model.pool.health()[0]?.state).toBe('ready');
    } finally {
      await back.stop();
    }
  });

  it('with one endpoint fails at once while open, and the trial decides', async () => {
    const double = await server({ behaviour: { fault: { kind: 'status', status: 500, body: 'broken' } } });
    const model = remote([double.url], { breaker: { failures: 1, halfOpenAfterMs: 20 } });
    await failure(stream(model), 'RAPPORT_E_MODEL_UNAVAILABLE');
    const { error } = await failure(stream(model), 'RAPPORT_E_MODEL_UNAVAILABLE');
    expect(error.details.reason).toMatch(/broken \(not asked for another 1 s\)/);
    expect(double.completions).toHaveLength(1);
    double.behaviour = {};
    await expect.poll(() => model.pool.health()[0]?.state, { interval: 5 }).toBe('trial');
    // Several turns at once share the one trial.
    const replies = await Promise.all([
      collect(stream(model)),
      collect(stream(model)),
      collect(stream(model)),
    ]);
    expect(replies.map(({ text }) => text)).toEqual([defaultReply, defaultReply, defaultReply]);
    expect(double.requests.filter(({ path }) => path === '/v1/models')).toHaveLength(1);
  });

  it('D.4: a server that was started again is asked at once where there is no other, whatever time is left', async () => {
    const gone = await startModelServer();
    const { port, url } = gone;
    await gone.stop();
    const model = remote([url], { breaker: { failures: 1, halfOpenAfterMs: 60_000 } });
    await failure(stream(model), 'RAPPORT_E_MODEL_UNAVAILABLE');
    expect(model.pool.health()[0]?.state).toBe('down');
    const back = await startModelServer({ port });
    try {
      expect((await collect(stream(model))).text).toBe(defaultReply);
      expect(back.requests[0]?.path).toBe('/v1/models');
      expect(model.pool.health()[0]?.state).toBe('ready');
    } finally {
      await back.stop();
    }
  });

  it('counts streams that break later', async () => {
    const double = await server({ behaviour: { fault: { kind: 'cut', afterTokens: 2 } } });
    const model = remote([double.url], { breaker: { failures: 1, halfOpenAfterMs: 60_000 } });
    await failure(stream(model), 'RAPPORT_E_MODEL_INTERRUPTED');
    expect(model.pool.health()[0]?.state).toBe('down');
  });

  it('does not count refusals', async () => {
    const double = await server();
    const model = remote([double.url], { breaker: { failures: 1, halfOpenAfterMs: 60_000 } });
    await failure(stream(model, chat({ model: 'nobody' })), 'RAPPORT_E_MODEL_REFUSED');
    expect((await collect(stream(model))).text).toBe(defaultReply);
  });
});

describe('a bound on requests at once', () => {
  it('lets the others wait in order', async () => {
    const double = await server({ behaviour: { ttftMs: 5 } });
    const model = remote([double.url], { maxConcurrent: 3 });
    const ended: number[] = [];
    await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        await collect(stream(model));
        ended.push(n);
      }),
    );
    expect(double.completions).toHaveLength(12);
    expect(double.peak).toBe(3);
    expect(ended.slice(0, 3).every((n) => n < 3)).toBe(true);
    expect(model.pool.health()[0]).toMatchObject({ active: 0, queued: 0, served: 12 });
  });

  it('goes to another endpoint that has a free slot', async () => {
    const doubles = await Promise.all([1, 2].map(() => server({ behaviour: { ttftMs: 20 } })));
    const model = remote(
      doubles.map(({ url }) => url),
      { maxConcurrent: 1 },
    );
    await Promise.all([collect(stream(model)), collect(stream(model))]);
    expect(doubles.map(({ peak }) => peak)).toEqual([1, 1]);
  });

  it('refuses what no longer fits the queue, and times out what waits too long', async () => {
    const double = await server({ behaviour: { fault: { kind: 'hang' } } });
    const model = remote([double.url], {
      maxConcurrent: 1,
      maxQueued: 1,
      timeouts: { firstTokenMs: 80, betweenTokensMs: 80 },
    });
    const first = failure(stream(model), 'RAPPORT_E_MODEL_TIMEOUT');
    await double.received(1);
    const second = failure(stream(model), 'RAPPORT_E_MODEL_TIMEOUT');
    const third = await failure(stream(model), 'RAPPORT_E_MODEL_BUSY');
    expect(third.error.message).toContain('busy');
    await Promise.all([first, second]);
    expect(model.pool.health()[0]).toMatchObject({ active: 0, queued: 0 });
  });

  it('an abort leaves the queue', async () => {
    const double = await server({ behaviour: { fault: { kind: 'hang' } } });
    const model = remote([double.url], { maxConcurrent: 1 });
    const running = new AbortController();
    const waiting = new AbortController();
    const first = collect(stream(model, chat(), { signal: running.signal }));
    await double.received(1);
    const second = collect(stream(model, chat(), { signal: waiting.signal }));
    await expect.poll(() => model.pool.health()[0]?.queued, { interval: 1 }).toBe(1);
    waiting.abort(new Error('left'));
    await expect(second).rejects.toThrow('left');
    expect(model.pool.health()[0]).toMatchObject({ active: 1, queued: 0 });
    running.abort(new Error('left too'));
    await expect(first).rejects.toThrow('left too');
    expect(model.pool.health()[0]?.active).toBe(0);
  });
});

describe('reports', () => {
  it('hold the moving average of the time to first token', async () => {
    const double = await server({ behaviour: { ttftMs: 30 } });
    const model = remote([double.url]);
    expect(model.pool.health()[0]).toMatchObject({
      state: 'ready',
      ttftMs: null,
      served: 0,
      lastError: null,
    });
    await collect(stream(model));
    expect(model.pool.health()[0]?.ttftMs).toBeGreaterThanOrEqual(29);
  });

  it('probe names what each endpoint serves, and why one does not answer', async () => {
    const double = await server({ models: [{ id: 'base', aliases: ['maren-lora'] }] });
    const dead = await deadUrl();
    const model = remote([double.url, dead]);
    const [alive, gone] = await model.pool.probe();
    expect(alive).toMatchObject({ url: double.url, ok: true, models: ['base', 'maren-lora'], reason: null });
    expect(gone).toMatchObject({ url: dead, ok: false, models: [] });
    expect(gone?.reason).toContain('ECONNREFUSED');
  });
});
