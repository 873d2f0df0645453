import { afterEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema.js';
import { sessionId } from '../../../src/ids.js';
import { Browser, raw, startServer, type TestServer } from './server.js';

/** Issue 14, E.2. */
describe('limits, and who is behind a proxy (issue 14, E.2)', () => {
  let server: TestServer;
  const start = async (options: Parameters<typeof startServer>[0] = {}): Promise<string> => {
    server = await startServer(options);
    return server.url;
  };
  afterEach(() => server.stop());

  const write = async (url: string, forwarded: string): Promise<number> =>
    (
      await new Browser(url, { 'x-forwarded-for': forwarded }).fetch('PUT', '/api/me/paused', {
        paused: false,
      })
    ).status;

  it('gives everybody behind a proxy of the operator’s a limit of their own', async () => {
    const url = await start({
      server: { requestsPerMinute: 1, trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] },
    });
    expect(await write(url, '203.0.113.1')).toBe(200);
    expect(await write(url, '203.0.113.1')).toBe(429);
    expect(await write(url, '203.0.113.2')).toBe(200);
    // What a client writes before its own address is made up; a second proxy of ours is passed over.
    expect(await write(url, '198.51.100.7, 203.0.113.1')).toBe(429);
    expect(await write(url, '203.0.113.1, 10.1.2.3')).toBe(429);
    expect(await write(url, '[2001:db8::1]:4711')).toBe(200);
    expect(await write(url, '2001:db8::1')).toBe(429);
    expect(await write(url, '::ffff:203.0.113.2')).toBe(429);
  });

  it('believes no proxy that nobody named', async () => {
    const url = await start({ server: { requestsPerMinute: 1 } });
    expect(await write(url, '203.0.113.1')).toBe(200);
    expect(await write(url, '203.0.113.2')).toBe(429);
  });

  it.each(['nonsense', '10.0.0.0/33', '10.0.0.0/', '::1/8/8', 'proxy.example'])(
    'refuses %j as a proxy',
    (proxy) => {
      const { server: settings } = configSchema.shape;
      const { trustedProxies } = settings.shape;
      expect(trustedProxies.safeParse([proxy]).success).toBe(false);
      expect(trustedProxies.safeParse(['10.0.0.0/8', '::1', 'fd00::/8']).success).toBe(true);
    },
  );

  it('answers whoever is in danger, however often they have written', async () => {
    const url = await start({ server: { requestsPerMinute: 1 } });
    const ada = new Browser(url);
    const id = await ada.open();
    const say = (key: string, text: string): Promise<Response> =>
      ada.fetch('POST', `/api/sessions/${id}/messages`, { id: key, text });
    expect((await say('message-1', 'hello again')).status).toBe(429);
    const cry = await say('message-2', 'I want to kill myself');
    expect([cry.status, await cry.json()]).toEqual([202, { status: 'recorded' }]);
    await server.sessions.settled(sessionId(id));
    const { entries } = await ada.call<{ entries: { text: string }[] }>('GET', `/api/sessions/${id}`);
    expect(entries.map(({ text }) => text)).toContain('I want to kill myself');
    expect(entries.map(({ text }) => text)).not.toContain('hello again');

    const match = (worry: string): Promise<Response> =>
      ada.fetch('POST', '/api/match', { persona: { facts: [], worry } });
    expect((await match('I sleep badly')).status).toBe(429);
    expect(await (await match('I want to kill myself')).json()).toHaveProperty('notice');

    const complete = (content: string): Promise<Response> =>
      ada.fetch('POST', '/v1/chat/completions', {
        model: 'maren-voss',
        messages: [{ role: 'user', content }],
      });
    // Below /v1 a client has a limit of its own.
    expect((await complete('hello')).status).toBe(200);
    expect((await complete('hello')).status).toBe(429);
    expect((await complete('I want to kill myself')).status).toBe(200);
  });

  it('a person holds so many streams of events and no more, until one is closed (E.2)', async () => {
    const ada = new Browser(await start());
    const id = await ada.open();
    const listening = new AbortController();
    const listen = async (signal: AbortSignal): Promise<number> =>
      (await fetch(`${server.url}/api/sessions/${id}/events`, { headers: { cookie: ada.cookie }, signal }))
        .status;
    const first = new AbortController();
    const statuses = [await listen(first.signal)];
    for (let n = 2; n <= 17; n += 1) statuses.push(await listen(listening.signal));
    expect(statuses).toEqual([...Array.from({ length: 16 }, () => 200), 429]);
    const ben = new Browser(server.url);
    const other = await ben.open();
    const his = await fetch(`${server.url}/api/sessions/${other}/events`, {
      headers: { cookie: ben.cookie },
      signal: listening.signal,
    });
    expect(his.status).toBe(200);
    first.abort();
    await expect.poll(() => listen(listening.signal)).toBe(200);
    listening.abort();
  });

  it('lets pages of named origins call /v1 from the browser, and nothing else (issue 14, C.3)', async () => {
    const origin = 'https://chat.example';
    const url = await start({ apiKey: 'a-long-enough-key', server: { corsOrigins: [origin] } });
    const headers = { origin, 'sec-fetch-site': 'cross-site', authorization: 'Bearer a-long-enough-key' };
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const preflight = await raw(url, '/v1/chat/completions', { origin, ...asked }, 'OPTIONS');
    expect([preflight.status, preflight.headers]).toMatchObject([
      204,
      { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'authorization' },
    ]);
    for (const [path, status] of [
      ['/v1/models', 200],
      ['/v1/models/nobody', 404],
    ] as const)
      expect(await raw(url, path, headers)).toMatchObject({
        status,
        headers: { 'access-control-allow-origin': origin },
      });
    const unkeyed = await raw(url, '/v1/models', { origin });
    expect([unkeyed.status, unkeyed.headers['access-control-allow-origin']]).toEqual([401, origin]);
    const page = await raw(url, '/api/hello', headers);
    expect([page.status, page.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    const stranger = await raw(url, '/v1/models', { ...headers, origin: 'https://evil.example' });
    expect([stranger.status, stranger.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    const { corsOrigins } = configSchema.shape.server.shape;
    for (const wrong of ['*', 'chat.example', 'https://chat.example/'])
      expect(corsOrigins.safeParse([wrong]).success).toBe(false);
  });

  it('slows down who guesses keys, and keeps whoever has one', async () => {
    const url = await start({ apiKey: 'a-long-secret' });
    const ada = new Browser(url);
    const right = { authorization: 'Bearer a-long-secret' };
    expect((await ada.fetch('GET', '/api/hello', undefined, right)).status).toBe(200);
    const stranger = new Browser(url);
    const statuses: number[] = [];
    for (let n = 0; n < 25; n += 1)
      statuses.push(
        (await stranger.fetch('GET', '/api/hello', undefined, { authorization: `Bearer guess-${n}` })).status,
      );
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect((await stranger.fetch('GET', '/api/hello', undefined, right)).status).toBe(429);
    // A page that asks without a key is told that one is wanted, and one that is in stays in.
    expect((await new Browser(url).fetch('GET', '/api/hello')).status).toBe(401);
    expect((await ada.fetch('GET', '/api/hello')).status).toBe(200);
  });

  it('listens beyond loopback only with a key that is not soon guessed', async () => {
    await start();
    await expect(startServer({ server: { host: '0.0.0.0' }, apiKey: 'k' })).rejects.toMatchObject({
      code: 'RAPPORT_E_KEY_SHORT',
    });
  });

  it('lets nobody keep what belongs to a person', async () => {
    const url = await start();
    const ada = new Browser(url);
    const id = await ada.open();
    for (const path of [
      '/api/me',
      '/api/me/export',
      `/api/sessions/${id}`,
      '/api/sessions/none',
      '/v1/models',
    ])
      expect([path, (await ada.fetch('GET', path)).headers.get('cache-control')]).toEqual([path, 'no-store']);
  });
});
