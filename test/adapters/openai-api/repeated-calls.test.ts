import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RapportError } from '../../../config/errors.js';
import { type PersonId, personId } from '../../../src/ids.js';
import { fails, says, waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { startServer, type TestServer } from '../web/server.js';

const down = new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: 'r', reason: 'refused' });

/** Identical retries are one (issue 14, C.1). */
describe('a call that is sent again', () => {
  let server: TestServer;
  let client: OpenAI;
  beforeEach(async () => {
    server = await startServer();
    client = new OpenAI({
      ...{ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 },
      defaultHeaders: { 'x-rapport-conversation': 'one' },
    });
  });
  afterEach(() => server.stop());

  const ask = async (
    content: string,
    options: OpenAI.RequestOptions = {},
    more: object = {},
  ): Promise<string | null | undefined> => {
    const body = { model: 'maren-voss', user: 'ada', messages: [{ role: 'user' as const, content }] };
    const { choices } = await client.chat.completions.create({ ...body, ...more, stream: false }, options);
    return choices[0]?.message.content;
  };
  const retry = { headers: { 'x-stainless-retry-count': '1' } };
  const ada: PersonId = personId('openai-api:ada');
  /** Resolves once so many calls have handed their message over. */
  const handed = (): ((n: number) => Promise<void>) => {
    const receive = vi.spyOn(server.sessions, 'receive');
    return (n) => expect.poll(() => receive.mock.settledResults.length).toBe(n);
  };
  /** How often the model was shown a line. */
  const shown = (line: string): number => server.model.prompt.split(line).length - 1;
  const conversation = async (): Promise<string> => {
    const { sessions } = await server.store.people.export(ada, 0);
    return (sessions[0]?.transcript ?? []).map(({ role, text }) => `${role}: ${text}`).join('\n');
  };

  it('while it is being answered gets the same answer', async () => {
    const held = gate();
    const all = handed();
    server.model.next(waits('one ', held.opened, 'answer'));
    const first = ask('tell me');
    await server.model.asked(1);
    const second = ask('tell me');
    const third = ask('tell me', retry);
    await all(3);
    held.open();
    expect(await Promise.all([first, second, third])).toEqual(['one answer', 'one answer', 'one answer']);
    expect(server.model.requests).toHaveLength(1);
    expect(await conversation()).toBe('seeker: tell me\nsupporter: one answer');
  });

  it('is answered to the end when the first caller leaves', async () => {
    const held = gate();
    const all = handed();
    server.model.next(waits('', held.opened, 'whole'));
    const leaving = new AbortController();
    const first = ask('tell me', { signal: leaving.signal });
    first.catch(() => undefined);
    await server.model.asked(1);
    const [second, third] = [ask('tell me', retry), ask('tell me', { signal: leaving.signal })];
    third.catch(() => undefined);
    await all(3);
    leaving.abort();
    await expect(first).rejects.toThrow();
    held.open();
    expect(await second).toBe('whole');
    expect(await conversation()).toBe('seeker: tell me\nsupporter: whole');
  });

  it('is stopped when all callers have left', async () => {
    const leaving = new AbortController();
    const all = handed();
    server.model.next(waits('', gate().opened));
    const calls = [1, 2].map(() => ask('tell me', { signal: leaving.signal }));
    const gone = Promise.allSettled(calls);
    await server.model.asked(1);
    await all(2);
    leaving.abort();
    await gone;
    await expect.poll(() => server.model.aborted).toBe(1);
  });

  it('after the client left is answered anew, and its line stands there once', async () => {
    server.model.next(waits('I was going', gate().opened));
    const leaving = new AbortController();
    const first = ask('tell me', { signal: leaving.signal });
    first.catch(() => undefined);
    await server.model.asked(1);
    leaving.abort();
    await expect.poll(async () => (await server.store.recoverable()).length).toBe(0);
    expect(await ask('tell me', retry)).toBe('I hear you. Tell me more.');
    expect(shown('tell me')).toBe(1);
    expect(await conversation()).toBe('seeker: tell me\nsupporter: I hear you. Tell me more.');
  });

  it('before the turn that was left has ended waits for it and is answered then', async () => {
    const leaving = new AbortController();
    server.model.next(waits('', gate().opened));
    const first = ask('tell me', { signal: leaving.signal });
    first.catch(() => undefined);
    await server.model.asked(1);
    leaving.abort();
    expect(await ask('tell me', retry)).toBe('I hear you. Tell me more.');
    expect(await conversation()).toBe('seeker: tell me\nsupporter: I hear you. Tell me more.');
  });

  it('by the client itself, as it does after a timeout, leaves one line', async () => {
    server.model.next(waits('', gate().opened), says('At last.'));
    expect(await ask('tell me', { timeout: 300, maxRetries: 2 })).toBe('At last.');
    expect(await conversation()).toBe('seeker: tell me\nsupporter: At last.');
  });

  it('by the client itself after errors leaves one line', async () => {
    server.model.next(fails(down), fails(down));
    expect(await ask('tell me', { maxRetries: 2 })).toBe('I hear you. Tell me more.');
    expect(await conversation()).toBe('seeker: tell me\nsupporter: I hear you. Tell me more.');
  });

  it('after it was answered gets that answer as a retry, and a new one otherwise', async () => {
    server.model.next(says('first'), says('second'));
    expect(await ask('yes')).toBe('first');
    expect(await ask('yes', retry)).toBe('first');
    expect(await ask('yes')).toBe('second');
    expect(await conversation()).toBe('seeker: yes\nsupporter: first\nseeker: yes\nsupporter: second');
    await ask('no');
    expect(await ask('yes', retry)).toBe('I hear you. Tell me more.');
  });

  it('with a key is one however long ago, and asked anew after it failed', async () => {
    const keyed = { headers: { 'idempotency-key': 'k-1' } };
    server.model.next(fails(down), says('first'));
    await expect(ask('hello', keyed)).rejects.toMatchObject({ status: 503 });
    expect(await ask('hello', keyed)).toBe('first');
    await ask('something else');
    expect(await ask('hello', keyed)).toBe('first');
    expect(server.model.requests).toHaveLength(3);
  });

  it('tells each caller that waited why it failed', async () => {
    const held = gate();
    const all = handed();
    server.model.next(async function* () {
      await held.opened;
      yield* [];
      throw down;
    });
    const first = ask('tell me');
    const told = [first, ask('tell me')].map((call) => call.catch((error: unknown) => error));
    await all(2);
    held.open();
    for (const error of await Promise.all(told))
      expect(error).toMatchObject({ status: 503, code: 'RAPPORT_E_MODEL_UNAVAILABLE' });
    expect(await ask('tell me')).toBe('I hear you. Tell me more.');
    expect(shown('tell me')).toBe(1);
  });

  it('is another one with other wishes, another user, or another conversation', async () => {
    await ask('hello');
    await ask('hello', retry, { temperature: 0.1 });
    await ask('hello', retry, { user: 'ben' });
    await ask('hello', { headers: { ...retry.headers, 'x-rapport-conversation': 'two' } });
    expect(server.model.requests).toHaveLength(4);
  });

  it('is new where everything was erased', async () => {
    await ask('hello');
    await server.store.people.erase(ada);
    expect(await ask('hello', retry)).toBe('I hear you. Tell me more.');
    expect(server.model.requests).toHaveLength(2);
  });

  it('to another process is the same call there', async () => {
    const other = await startServer({ beside: server });
    const there = client.withOptions({ baseURL: `${other.url}/v1` });
    const askThere = async (content: string): Promise<string | null | undefined> => {
      const body = { model: 'maren-voss', user: 'ada', messages: [{ role: 'user' as const, content }] };
      const { choices } = await there.chat.completions.create(body, retry);
      return choices[0]?.message.content;
    };
    try {
      const held = gate();
      const receive = vi.spyOn(other.sessions, 'receive');
      server.model.next(waits('', held.opened, 'the answer'));
      const first = ask('one');
      await server.model.asked(1);
      const again = askThere('one');
      await expect.poll(() => receive.mock.settledResults.length).toBe(1);
      held.open();
      expect(await Promise.all([first, again])).toEqual(['the answer', 'the answer']);

      const leaving = new AbortController();
      server.model.next(waits('I was', gate().opened));
      const left = ask('two', { signal: leaving.signal });
      left.catch(() => undefined);
      await server.model.asked(2);
      const joined = askThere('two');
      await expect.poll(() => receive.mock.settledResults.length).toBe(2);
      leaving.abort();
      expect(await joined).toBe('I hear you. Tell me more.');
      expect(await conversation()).toBe(
        'seeker: one\nsupporter: the answer\nseeker: two\nsupporter: I hear you. Tell me more.',
      );
    } finally {
      await other.stop();
    }
  });
});
