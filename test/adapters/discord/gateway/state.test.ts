import { describe, expect, it } from 'vitest';
import { IdentifyGate } from '../../../../adapters/discord/gateway/identify-gate.js';
import { StoredSession } from '../../../../adapters/discord/gateway/stored-session.js';
import { TwinWatch } from '../../../../adapters/discord/gateway/twin-watch.js';
import { LastSeen } from '../../../../adapters/discord/intake/last-seen.js';
import type { Store } from '../../../../src/state/store.js';
import { silentLogger } from '../../../../src/telemetry/logger.js';
import { FakeClock, settled } from '../../../doubles/fake-clock.js';

/** The part of a store that keeps small values, in memory; it can be away. */
class SmallStore {
  readonly kind: Store['kind'];
  readonly kept = new Map<string, string>();
  writes = 0;
  isAway = false;
  readonly #clock: FakeClock;
  readonly #leases = new Map<string, { readonly holder: string; readonly until: number }>();

  constructor(clock: FakeClock, kind: Store['kind'] = 'embedded') {
    this.#clock = clock;
    this.kind = kind;
  }
  readonly values = {
    get: async (key: string) => this.kept.get(key) ?? null,
    set: async (key: string, value: string) => {
      if (this.isAway) throw new Error('away');
      this.writes += 1;
      this.kept.set(key, value);
    },
    remove: async (key: string) => {
      this.kept.delete(key);
    },
    increment: async () => 1,
  };
  readonly lease = {
    acquire: async (id: string, holder: string, ttlMs: number) => {
      const held = this.#leases.get(id);
      if (held && held.holder !== holder && held.until > this.#clock.now()) return null;
      this.#leases.set(id, { holder, until: this.#clock.now() + ttlMs });
      return { sessionId: id as never, holder, fence: 1 };
    },
  } as unknown as Store['lease'];
}

const info = (sequence: number, sessionId = 'abc') => ({
  sessionId,
  resumeURL: 'wss://resume.example',
  shardId: 0,
  shardCount: 1,
  sequence,
});

describe('StoredSession', () => {
  const open = (store: SmallStore, clock: FakeClock, intents = 5): StoredSession =>
    new StoredSession({
      store,
      applicationId: '1',
      shard: 0,
      intents,
      clock,
      logger: silentLogger,
      writeEveryMs: 1_000,
    });

  it('stores how far events were dealt with, never how far they were received', async () => {
    const clock = new FakeClock();
    const store = new SmallStore(clock);
    const session = open(store, clock);
    session.update(info(1));
    await settled();
    const slow = session.begin(2);
    const quick = session.begin(3);
    session.update(info(3));
    quick();
    await clock.advance(1_000);
    const stored = open(store, clock);
    await stored.load();
    expect(stored.info).toEqual(info(1));
    expect(session.info).toEqual(info(3));
    slow();
    await clock.advance(1_000);
    await stored.load();
    expect(stored.info).toEqual(info(3));
  });

  it('writes at most once in its time, and once more at the end', async () => {
    const clock = new FakeClock();
    const store = new SmallStore(clock);
    const session = open(store, clock);
    session.update(info(1));
    await settled();
    for (let n = 2; n < 500; n += 1) session.begin(n)();
    await clock.advance(1_000);
    expect(store.writes).toBe(2);
    session.begin(500)();
    await session.flush();
    expect(store.writes).toBe(3);
    expect(JSON.parse(store.kept.get('discord:session:1:0') ?? '')).toMatchObject({ sequence: 500 });
  });

  it('survives a store that is away, and a value that nobody can read', async () => {
    const clock = new FakeClock();
    const store = new SmallStore(clock);
    const session = open(store, clock);
    store.isAway = true;
    session.update(info(1));
    await settled();
    store.isAway = false;
    session.begin(2)();
    await clock.advance(1_000);
    expect(store.writes).toBe(1);
    store.kept.set('discord:session:1:0', '{"session');
    await session.load();
    expect(session.info).toBeNull();
  });

  it('is not taken up with other intents, nor after it was forgotten', async () => {
    const clock = new FakeClock();
    const store = new SmallStore(clock);
    const session = open(store, clock);
    session.update(info(7));
    await session.flush();
    const other = open(store, clock, 6);
    await other.load();
    expect(other.info).toBeNull();
    const late = session.begin(8);
    session.forget();
    late();
    await session.flush();
    expect(store.kept.size).toBe(0);
  });
});

describe('LastSeen', () => {
  const open = (store: SmallStore, clock: FakeClock): LastSeen =>
    new LastSeen({ store, applicationId: '1', shard: 0, clock, logger: silentLogger, writeEveryMs: 1_000 });

  it('comes back after a restart with the latest message of each channel, bounded', async () => {
    const clock = new FakeClock();
    const store = new SmallStore(clock);
    const seen = open(store, clock);
    for (let n = 1; n <= 600; n += 1) seen.mark(`${n}`, '50');
    seen.mark('600', '49');
    seen.mark('599', '60', '7');
    seen.forget('598');
    await seen.flush();
    const again = open(store, clock);
    await again.load();
    expect(again.all).toHaveLength(499);
    expect(again.all[0]).toEqual({ channel: '599', message: '60', guild: '7' });
    expect(again.all[1]).toEqual({ channel: '600', message: '50' });
    expect(again.has('1')).toBe(false);
    expect(again.has('598')).toBe(false);
  });

  it('is written at most once in its time', async () => {
    const clock = new FakeClock();
    const store = new SmallStore(clock);
    const seen = open(store, clock);
    for (let n = 1; n <= 100; n += 1) seen.mark('1', String(n));
    await clock.advance(1_000);
    await seen.flush();
    expect(store.writes).toBe(1);
  });
});

let ids = 0;

describe('IdentifyGate', () => {
  const gateOn = (store: SmallStore, clock: FakeClock, limit = { remaining: 10, reset_after: 60_000 }) => {
    return new IdentifyGate({
      store,
      applicationId: '1',
      gatewayInfo: async () => ({
        url: 'wss://gateway.example',
        shards: 1,
        session_start_limit: { total: 1_000, max_concurrency: 2, ...limit },
      }),
      clock,
      random: {
        next: () => 0,
        id: () => {
          ids += 1;
          return `${ids}`;
        },
      },
      logger: silentLogger,
      intervalMs: 5_000,
    });
  };
  const forever = new AbortController().signal;

  it('lets one shard of a key identify in 5 s, over several processes', async () => {
    const clock = new FakeClock();
    const store = new SmallStore(clock);
    const [one, other] = [gateOn(store, clock), gateOn(store, clock)];
    const at: Record<number, number> = {};
    const wait = (gate: IdentifyGate, shard: number) =>
      gate.waitForIdentify(shard, forever).then(() => {
        at[shard] = clock.elapsed();
      });
    const all = Promise.all([wait(one, 0), wait(one, 1), wait(other, 2), wait(other, 3), wait(one, 4)]);
    await clock.until(all);
    expect([at[0], at[1]]).toEqual([0, 0]);
    for (const shard of [2, 3]) expect(at[shard]).toBeGreaterThanOrEqual(5_000);
    expect(at[4]).toBeGreaterThanOrEqual(10_000);
  });

  it('slows down where identifying does not lead to READY, and begins again after it did', async () => {
    const clock = new FakeClock();
    const store = new SmallStore(clock);
    const gate = gateOn(store, clock);
    const took: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const before = clock.elapsed();
      await clock.until(gate.waitForIdentify(0, forever));
      took.push(clock.elapsed() - before);
    }
    expect(took[4]).toBeGreaterThanOrEqual(40_000);
    gate.ready(0);
    const before = clock.elapsed();
    await clock.until(gate.waitForIdentify(0, forever));
    expect(clock.elapsed() - before).toBeLessThanOrEqual(5_000);
  });

  it('waits for the next day where the session starts are used up, unless the connection closes', async () => {
    const clock = new FakeClock();
    const limit = { remaining: 0, reset_after: 60_000 };
    const gate = gateOn(new SmallStore(clock), clock, limit);
    const closed = new AbortController();
    const waiting = gate.waitForIdentify(0, closed.signal);
    await clock.advance(59_000);
    limit.remaining = 1_000;
    closed.abort(new Error('closed'));
    await expect(waiting).rejects.toThrow('closed');
    await clock.until(gate.waitForIdentify(0, forever));
  });
});

describe('TwinWatch', () => {
  const watching = (kind: Store['kind'] = 'embedded') => {
    const clock = new FakeClock();
    const said: string[] = [];
    const logger = { ...silentLogger, warn: (_fields: object, message: string) => said.push(message) };
    const store = new SmallStore(clock, kind);
    return { clock, said, store, watch: new TwinWatch({ store, clock, logger }) };
  };

  it('says that another program sends under the same token, once an hour', async () => {
    const { clock, said, watch } = watching();
    await clock.advance(60_000);
    watch.appeared('1', clock.now());
    watch.appeared('2', clock.now());
    await clock.advance(15_000);
    expect(said).toEqual([expect.stringMatching(/second program uses this DISCORD_TOKEN/)]);
    await clock.advance(3_600_000);
    watch.appeared('3', clock.now());
    await clock.advance(15_000);
    expect(said).toHaveLength(2);
  });

  it('knows its own messages, however late the answer to the post is, and those of an earlier run', async () => {
    const { clock, said, watch } = watching();
    watch.appeared('from before', clock.now());
    await clock.advance(60_000);
    watch.appeared('1', clock.now());
    await clock.advance(10_000);
    watch.sent('1');
    watch.sent('2');
    watch.appeared('2', clock.now());
    await clock.advance(60_000);
    expect(said).toEqual([]);
  });

  it('knows those of processes that share the state', async () => {
    const { clock, said, store, watch } = watching('redis');
    const other = new TwinWatch({ store, clock, logger: silentLogger });
    await clock.advance(60_000);
    other.sent('1');
    watch.appeared('1', clock.now());
    await clock.advance(15_000);
    expect(said).toEqual([]);
  });
});
