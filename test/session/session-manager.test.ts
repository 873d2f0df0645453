import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { messageId } from '../../src/ids.js';
import type { Store } from '../../src/state/store.js';
import { openRedisStore } from '../../state/redis/redis-store.js';
import { PlatformDouble } from '../doubles/platform-double.js';
import { type RedisServer, startRedisServer } from '../doubles/redis-server.js';
import { saveProfile } from '../doubles/save-profile.js';
import { says, waits } from './scripted-model.js';
import { ada, gate, say, talk, temporaryStore, World, type WorldOptions } from './world.js';

let redis: RedisServer;
let prefix = 0;
beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis.stop());

interface Opened {
  readonly store: Store;
  dispose(): Promise<void>;
}
const stores: readonly (readonly [string, () => Promise<Opened>])[] = [
  ['embedded', temporaryStore],
  [
    'redis',
    async () => {
      prefix += 1;
      const store = await openRedisStore({ url: redis.url, prefix: `s${prefix}`, clock: systemClock });
      return { store, dispose: () => store.close() };
    },
  ],
];

describe.each(stores)('sessions on the %s store', (_name, openStore) => {
  let store: Store;
  let dispose: () => Promise<void>;
  let worlds: World[];
  beforeEach(async () => {
    worlds = [];
    ({ store, dispose } = await openStore());
  });
  afterEach(async () => {
    await Promise.all(worlds.map(({ sessions }) => sessions.close(0)));
    await dispose();
  });
  const world = (options: WorldOptions = {}): World => {
    const made = new World(store, options);
    worlds.push(made);
    return made;
  };
  /** Both processes reach the same platform. */
  const pair = (options: WorldOptions = {}): [World, World] => {
    const platform = new PlatformDouble(systemClock, {
      capabilities: { minEditIntervalMs: 0, rate: { burst: 100_000, refillMs: 1 }, ...options.capabilities },
    });
    return [world({ ...options, platform }), world({ ...options, platform })];
  };

  it('answers what an earlier process left', async () => {
    const before = world();
    await before.open('maren-voss');
    await store.inbox.record({
      ...{
        kind: 'message',
        id: messageId('left'),
        sessionId: talk,
        personId: ada,
        speakerName: 'Ada',
        text: 'hi',
      },
      ...{ at: 1, address: { platform: 'discord', channel: 'dm' }, shared: false },
    });
    const after = world();
    await after.sessions.start();
    await expect.poll(() => after.lines()).toEqual(['seeker: hi', 'supporter: I hear you. Tell me more.']);
  });

  it('leaves sessions of platforms it does not serve alone', async () => {
    const slack = world({ platform: new PlatformDouble(systemClock, { name: 'slack' }) });
    await store.inbox.record({
      ...{
        kind: 'message',
        id: messageId('left'),
        sessionId: talk,
        personId: ada,
        speakerName: 'Ada',
        text: 'hi',
      },
      ...{ at: 1, address: { platform: 'discord', channel: 'dm' }, shared: false },
    });
    await slack.sessions.start();
    expect(slack.sessions.isAnswering(talk)).toBe(false);
    expect(slack.model.requests).toHaveLength(0);
    expect(await store.inbox.count(talk)).toBe(1);
  });

  it('gives every message exactly one reply when two processes share the work', async () => {
    const [one, two] = pair();
    await one.open('maren-voss');
    await Promise.all([one.sessions.start(), two.sessions.start()]);
    const texts = Array.from({ length: 24 }, (_, index) => `message ${index}`);
    await Promise.all(
      texts.map((text, index) =>
        (index % 2 === 0 ? one : two).post(text, { id: messageId(`id-${index}`), at: index }),
      ),
    );
    await expect.poll(() => store.inbox.count(talk), { timeout: 20_000 }).toBe(0);
    const entries = await one.transcript();
    const asked = entries.filter(({ role }) => role === 'seeker').map(({ text }) => text);
    expect([...asked].sort()).toEqual([...texts].sort());
    const turns = new Set(entries.filter(({ role }) => role === 'seeker').map(({ turnId }) => turnId));
    const answered = entries.filter(({ role }) => role === 'supporter').map(({ turnId }) => turnId);
    expect([...answered].sort()).toEqual([...turns].sort());
    expect(one.platform.visible).toHaveLength(turns.size);
    expect((await one.session()).turnCount).toBe(turns.size);
  });

  it('a process that lost its lease says and writes nothing more; the other one answers', async () => {
    const [slow, other] = pair({ state: { leaseMs: 1_000, sweepMs: 100 } });
    await slow.open('maren-voss');
    const held = gate();
    slow.model.next(waits('half a ', held.opened, 'reply of the slow one'));
    await slow.post('hello');
    await expect.poll(() => slow.platform.visible).toEqual(['half a']);
    // The lease runs out while this process is away: renewals are lost.
    slow.services.store.lease.renew = async () => false;
    await expect
      .poll(() => other.store.lease.acquire(talk, 'other', 60_000), { timeout: 5_000 })
      .not.toBeNull();
    held.open();
    await slow.sessions.settled(talk);
    expect(await slow.lines()).toEqual([]);
    expect(await store.inbox.count(talk)).toBe(1);
    expect(slow.platform.visible).toEqual(['half a']);
  });

  it('a drained process finishes its reply; what it cannot finish is said once by the next', async () => {
    const [first, next] = pair();
    await first.open('maren-voss');
    const held = gate();
    first.model.next(waits('I will ', held.opened, 'finish.'));
    await first.post('hello');
    await expect.poll(() => first.platform.visible).toEqual(['I will']);
    const closed = first.sessions.close(10_000);
    await expect(first.post('too late')).rejects.toMatchObject({ code: 'RAPPORT_E_SHUTTING_DOWN' });
    held.open();
    await closed;
    expect((await next.lines()).at(-1)).toBe('supporter: I will finish.');

    const second = next;
    second.model.next(waits('never to be ', gate().opened));
    await second.post('again');
    await expect.poll(() => second.platform.visible.at(-1)).toBe('never to be');
    await second.sessions.close(0);
    expect(await store.inbox.count(talk)).toBe(1);
    const third = world({ platform: second.platform });
    third.model.next(says('Here I am, whole.'));
    await third.sessions.start();
    await expect.poll(() => store.inbox.count(talk)).toBe(0);
    expect(third.platform.visible).toEqual(['I will finish.', 'Here I am, whole.']);
    expect(await third.lines()).toHaveLength(4);
  });

  it('closes also when a stopped turn hangs on its platform', async () => {
    const w = world();
    await w.open('maren-voss');
    w.model.next(waits('a word', gate().opened));
    w.platform.failNext('post', { retryAfterMs: 600_000 });
    await w.post('hello');
    await w.model.asked(1);
    w.sessions.stop(talk);
    await w.sessions.close(10);
    expect(w.sessions.isAnswering(talk)).toBe(false);
    expect(await store.inbox.count(talk)).toBe(1);
  });

  it('neither records nor answers a paused person', async () => {
    const w = world();
    const profile = { personId: ada, persona: { facts: [] }, createdAt: 1, updatedAt: 1 };
    await saveProfile(store, { ...profile, paused: true });
    expect(await w.post('hello')).toBe('paused');
    expect(await store.inbox.count(talk)).toBe(0);
    await saveProfile(store, { ...profile, paused: false });
    expect(await w.tell('hello')).toContain('I hear you');
  });

  for (const what of ['erase', 'delete'] as const)
    it(`${what} during a turn resurrects nothing`, async () => {
      const w = world();
      await w.open('maren-voss');
      const held = gate();
      w.model.next(waits('a secret ', held.opened, 'reply'));
      await w.post('a secret message');
      await expect.poll(() => w.platform.visible).toEqual(['a secret']);
      if (what === 'erase') await store.people.erase(ada);
      else await store.sessions.remove(talk);
      held.open();
      await w.sessions.settled(talk);
      expect(await store.sessions.get(talk)).toBeNull();
      expect(await w.transcript()).toEqual([]);
      expect(await store.inbox.count(talk)).toBe(0);
      expect(await store.outbox.pending(talk)).toEqual([]);
      expect(await store.recoverable()).toEqual([]);
      expect(w.seen.filter(({ type }) => type === 'session' || type === 'entries')).toEqual([]);
    });

  it('a fact is not remembered for a person who is erased at that moment', async () => {
    const w = world();
    await w.open('maren-voss');
    const { addMemory } = store.people;
    store.people.addMemory = async (memory) => {
      await store.people.erase(ada);
      await addMemory(memory);
    };
    await w.tell('!remember I am here');
    expect(await store.people.memories(ada)).toEqual([]);
    expect(await store.sessions.get(talk)).toBeNull();
  });

  it('what the person steers during a turn holds after it, also for the page', async () => {
    const w = world();
    await w.open('maren-voss');
    await w.tell('!topic music');
    const held = gate();
    w.model.next(waits('la', held.opened));
    await w.post('sing');
    await w.model.asked(1);
    await store.sessions.update(talk, { steering: { sticky: 'talk about pets.', queue: [] } });
    held.open();
    await w.sessions.settled(talk);
    expect((await w.session()).steering).toEqual({ sticky: 'talk about pets.', queue: [] });
    expect(w.seen.findLast(({ type }) => type === 'session')).toMatchObject({
      session: { steering: { sticky: 'talk about pets.' } },
    });
  });

  it('drops a message to a session that was deleted, where sessions are opened by hand', async () => {
    const w = world({ capabilities: { opensSessions: true } });
    await w.tell('hello?');
    expect(await store.sessions.get(talk)).toBeNull();
    expect(await store.recoverable()).toEqual([]);
    expect(w.model.requests).toHaveLength(0);
  });

  it('tries a turn again that could not be written down, without asking the model again', async () => {
    const w = world();
    await w.open('maren-voss');
    const { commit } = store.sessions;
    let refusals = 2;
    store.sessions.commit = (...turn) => {
      refusals -= 1;
      return refusals < 0 ? commit(...turn) : Promise.reject(new Error('the store is away'));
    };
    await w.sessions.start();
    await w.post('hello');
    await expect
      .poll(() => w.lines(), { timeout: 10_000 })
      .toEqual(['seeker: hello', 'supporter: I hear you. Tell me more.']);
    store.sessions.commit = commit;
    expect(w.platform.visible).toEqual(['I hear you. Tell me more.']);
    expect(w.model.requests).toHaveLength(1);
  });

  it('a turn resumed after its last word keeps what it decided: character, switch, goal, disclosure', async () => {
    const [crashed, next] = pair();
    const { commit } = store.sessions;
    store.sessions.commit = () => Promise.reject(new Error('the process dies here'));
    await crashed.tell('My husband died, grief keeps me awake');
    store.sessions.commit = commit;
    const { characterId } = await next.session();
    await next.sessions.start();
    await expect.poll(() => store.inbox.count(talk), { timeout: 5_000 }).toBe(0);
    const name = next.services.bank.get(characterId)?.shortName ?? '';
    expect(await next.lines()).toEqual([
      'seeker: My husband died, grief keeps me awake',
      `notice: ${say('disclosure', { name })}`,
      'supporter: I hear you. Tell me more.',
    ]);
    expect(next.model.requests).toHaveLength(0);
    expect(await next.session()).toMatchObject({ characterId, disclosed: true });

    await store.sessions.update(talk, { offeredCharacterId: 'rin-asakura' });
    await next.sessions.close(0);
    for (const text of ['!switch', '!topic queue music, pets', 'hello again']) {
      const dying = world({ platform: next.platform });
      store.sessions.commit = () => Promise.reject(new Error('the process dies here'));
      await dying.tell(text, { id: messageId(text) });
      store.sessions.commit = commit;
      await dying.sessions.close(0);
      const taker = world({ platform: next.platform });
      await taker.sessions.start();
      await expect.poll(() => store.inbox.count(talk), { timeout: 5_000 }).toBe(0);
      await taker.sessions.close(0);
      expect(taker.model.requests).toHaveLength(0);
    }
    const session = await next.session();
    expect(session.characterId).toBe('rin-asakura');
    expect(session.offeredCharacterId).toBeUndefined();
    expect(session.steering.queue).toEqual([expect.stringContaining('pet')]);
    expect(next.platform.visible).toHaveLength(4);
  });
});
