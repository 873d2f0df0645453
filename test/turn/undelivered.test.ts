import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import type { Store } from '../../src/state/store.js';
import { openRedisStore } from '../../state/redis/redis-store.js';
import { type RedisServer, startRedisServer } from '../doubles/redis-server.js';
import { says } from '../session/scripted-model.js';
import { say, talk, temporaryStore, World } from '../session/world.js';

let redis: RedisServer;
let prefixes = 0;
beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis?.stop());

type Opened = { readonly store: Store; dispose(): Promise<void> };
const stores: readonly (readonly [string, () => Promise<Opened>])[] = [
  ['embedded', temporaryStore],
  [
    'Redis',
    async () => {
      prefixes += 1;
      const store = await openRedisStore({ url: redis.url, prefix: `gone${prefixes}`, clock: systemClock });
      return { store, dispose: () => store.close() };
    },
  ],
];

const gone = { permanent: true, reason: 'Unknown Channel' };

describe.each(stores)('a reply the platform refuses for good, on the %s store', (_name, open) => {
  const inWorld = async (body: (world: World, store: Store) => Promise<void>): Promise<void> => {
    const { store, dispose } = await open();
    const world = new World(store);
    try {
      await body(world, store);
    } finally {
      await world.sessions.close(0);
      await dispose();
    }
  };
  /** Nothing waits, nothing is tried again. */
  const settledFor = async (world: World, store: Store): Promise<void> => {
    expect(await store.inbox.count(talk)).toBe(0);
    expect(await store.outbox.pending(talk)).toEqual([]);
    // Redis may name a session without work for some time; a turn of it has nothing to do.
    const { length } = world.platform.calls;
    await world.sessions.start();
    for (const session of await store.recoverable()) await world.sessions.settled(session);
    expect(world.platform.calls).toHaveLength(length);
    expect(world.model.requests.length).toBeLessThanOrEqual(1);
  };

  it('is settled at once: it stands in the transcript as undelivered and nothing waits', () =>
    inWorld(async (w, store) => {
      await w.open('maren-voss', {
        disclosed: false,
        steering: { sticky: null, queue: ['talk about music.'] },
      });
      w.platform.failNext('post', gone);
      await w.tell('hello');
      await settledFor(w, store);
      const entries = await w.transcript();
      expect(entries.map(({ role, text, undelivered }) => [role, text, undelivered])).toEqual([
        ['seeker', 'hello', undefined],
        ['notice', say('disclosure', { name: 'Maren' }), true],
        ['supporter', 'I hear you. Tell me more.', true],
      ]);
      // What it would have used up is kept: nobody was told, no goal was served.
      const session = await w.session();
      expect(session).toMatchObject({ turnCount: 1, disclosed: false, recentStrategies: [] });
      expect(session.steering.queue).toEqual(['talk about music.']);
      expect(w.seen.findLast(({ type }) => type === 'turn')).toMatchObject({
        state: 'finished',
        error: { code: 'RAPPORT_E_DELIVERY_FAILED' },
      });
    }));

  it('is no part of the next prompt, which answers both messages', () =>
    inWorld(async (w) => {
      await w.open('maren-voss');
      w.model.next(says('Never read by anybody.'));
      w.platform.failNext('post', gone);
      await w.tell('first words');
      expect(await w.tell('second words')).toBe('I hear you. Tell me more.');
      expect(w.model.prompt).toContain('first words');
      expect(w.model.prompt).not.toContain('Never read');
      expect(w.platform.visible).toEqual(['I hear you. Tell me more.']);
    }));

  it('counts as interrupted where some of it could be read', () =>
    inWorld(async (w, store) => {
      await w.open('maren-voss');
      w.model.next(says('word '.repeat(900).trim()));
      // The first message is posted, the channel goes away before the second.
      let posts = 0;
      w.platform.gate = async (verb, after) => {
        if (verb !== 'post' || after) return;
        posts += 1;
        if (posts > 1) w.platform.failNext('post', gone);
      };
      await w.tell('tell me everything');
      await settledFor(w, store);
      const reply = (await w.transcript()).at(-1);
      expect(reply).toMatchObject({ role: 'supporter', status: 'interrupted' });
      expect(reply?.undelivered).toBeUndefined();
      expect(reply?.text.split(/\s+/)).toHaveLength(900);
    }));

  it('holds for the platform speaking by itself, and for what a crashed process left', () =>
    inWorld(async (w, store) => {
      await w.open('maren-voss');
      w.platform.failNext('post', gone);
      await w.tell('!topic music');
      const notice = say('steering.set', { goal: 'talk about music.' });
      expect((await w.transcript()).at(-1)).toMatchObject({
        role: 'notice',
        text: notice,
        undelivered: true,
      });
      expect((await w.session()).steering.queue).toEqual(['talk about music.']);

      const { receipt } = store.outbox;
      store.outbox.receipt = () => Promise.reject(new Error('the process dies here'));
      await w.tell('hello again');
      store.outbox.receipt = receipt;
      expect(await store.inbox.count(talk)).toBe(1);
      await w.sessions.close(0);
      const next = new World(store);
      next.platform.failNext('post', gone);
      await next.sessions.start();
      await expect.poll(() => store.inbox.count(talk), { timeout: 5_000 }).toBe(0);
      await next.sessions.settled(talk);
      expect(await store.outbox.pending(talk)).toEqual([]);
      expect((await next.transcript()).at(-1)).toMatchObject({ role: 'supporter', undelivered: true });
      await next.sessions.close(0);
    }));

  it('a session that does not exist yet is settled too', () =>
    inWorld(async (w, store) => {
      w.platform.failNext('post', gone);
      await w.tell('My husband died, grief keeps me awake');
      await settledFor(w, store);
      expect((await w.session()).characterId).not.toBe('');
      w.platform.failNext('post', gone);
      await w.post('!help', { sessionId: talk });
      await w.sessions.settled(talk);
      expect(await store.inbox.count(talk)).toBe(0);
    }));
});
