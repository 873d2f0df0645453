import fc from 'fast-check';
import { expect, it } from 'vitest';
import { messageId, type SessionId, sessionId } from '../../../src/ids.js';
import type { Lease, Store } from '../../../src/state/store.js';
import { ids, line, message, type StoreFactory, session, talk, turn } from './samples.js';
import { StoreModel } from './store-model.js';

/** One step of one of two processes. `pick` chooses among the leases a process has ever had: zombies act too. */
type Step =
  | { readonly do: 'record'; readonly by: 0 | 1; readonly message: number }
  | { readonly do: 'acquire' | 'crash'; readonly by: 0 | 1 }
  | {
      readonly do: 'renew' | 'drain' | 'release' | 'releaseIfEmpty' | 'intend';
      readonly by: 0 | 1;
      readonly pick: number;
    }
  | { readonly do: 'commit'; readonly by: 0 | 1; readonly pick: number; readonly take: number }
  | { readonly do: 'remove'; readonly by: 0 | 1 }
  | { readonly do: 'wait'; readonly ms: number };

const by = fc.constantFrom<0 | 1>(0, 1);
// Mostly the latest lease, sometimes an old one.
const pick = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) });
const leaseMs = 1000;

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('record' as const), by, message: fc.nat(7) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('acquire' as const), by }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), by }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('renew', 'drain', 'release', 'releaseIfEmpty', 'intend'),
      by,
      pick,
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('commit' as const), by, pick, take: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), by }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 400, 1000, 100_000) }),
  },
);

const dedupeMs = 50_000;

export function interleavingTests(open: StoreFactory, runs: number): void {
  it('any interleaving of two processes agrees with the model: nothing lost, nothing answered twice', async () => {
    const subject = await open({ dedupeMs });
    let count = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
          count += 1;
          const run = new Run([subject.store, subject.other], subject.clock, sessionId(`run-${count}`));
          for (const one of steps) await run.step(one);
          await run.check();
        }),
        { numRuns: runs },
      );
    } finally {
      await subject.dispose();
    }
  });

  it('two processes at once answer every message exactly once', async () => {
    const { store, other, dispose } = await open();
    try {
      await store.sessions.create(session(), []);
      const sent = Array.from({ length: 60 }, (_, i) => message(`m${i}`));
      let recorded = false;
      const producer = Promise.all(
        sent.map((one, i) => (i % 2 === 0 ? store : other).inbox.record(one)),
      ).finally(() => {
        recorded = true;
      });
      const worker = async (view: Store, holder: string): Promise<void> => {
        while (!recorded || (await view.inbox.count(talk)) > 0) await workOnce(view, holder);
      };
      await Promise.all([producer, worker(store, 'one'), worker(other, 'two')]);
      const { entries } = await store.transcript.page(talk, { limit: 500 });
      expect(ids(entries).sort()).toEqual(ids(sent).sort());
      expect((await store.sessions.get(talk))?.turnCount).toBeGreaterThan(0);
      expect(await other.recoverable()).toEqual([]);
    } finally {
      await dispose();
    }
  });
}

/** What a session's worker does: lease, turns, release when empty. */
async function workOnce(store: Store, holder: string): Promise<void> {
  const lease = await store.lease.acquire(talk, holder, 30_000);
  if (!lease) return;
  for (;;) {
    const waiting = (await store.inbox.pending(lease)).slice(0, 3);
    const before = await store.sessions.get(talk);
    if (waiting.length > 0)
      await store.sessions.commit(
        lease,
        turn({
          session: session({ turnCount: (before?.turnCount ?? 0) + 1 }),
          entries: waiting.map((one) => line(one.id)),
          consumed: waiting.map((one) => one.id),
        }),
      );
    if ((await store.lease.releaseIfInboxEmpty(lease)) !== 'kept') return;
  }
}

/** Applies steps to the stores and to the model and compares every answer. */
class Run {
  readonly #model: StoreModel;
  readonly #leases: [Lease[], Lease[]] = [[], []];

  readonly #stores: readonly [Store, Store];
  readonly #clock: { now(): number; advance(ms: number): Promise<void> };
  readonly #id: SessionId;

  constructor(
    stores: readonly [Store, Store],
    clock: { now(): number; advance(ms: number): Promise<void> },
    id: SessionId,
  ) {
    this.#stores = stores;
    this.#clock = clock;
    this.#id = id;
    this.#model = new StoreModel(id, () => clock.now(), dedupeMs);
  }

  async step(one: Step): Promise<void> {
    if (one.do === 'wait') return this.#clock.advance(one.ms);
    const store = this.#stores[one.by];
    switch (one.do) {
      case 'record':
        expect(await store.inbox.record(message(`m${one.message}`, { sessionId: this.#id }))).toBe(
          this.#model.record(`m${one.message}`),
        );
        return;
      case 'acquire': {
        const lease = await store.lease.acquire(this.#id, `p${one.by}`, leaseMs);
        expect(lease !== null).toBe(this.#model.acquire(`p${one.by}`, leaseMs, lease?.fence ?? null));
        if (lease) this.#leases[one.by].unshift(lease);
        return;
      }
      case 'crash':
        // The process starts anew under another name: its leases are zombies' now and run out.
        this.#leases[one.by].length = 0;
        return;
      case 'remove':
        expect(await store.sessions.remove(this.#id)).toBe(this.#model.remove());
        return;
      default: {
        const lease = this.#leases[one.by][one.pick];
        if (lease) await this.#leased(store, lease, one);
      }
    }
  }

  async #leased(store: Store, lease: Lease, one: Step): Promise<void> {
    const model = this.#model;
    const holds = model.holds(lease.fence);
    switch (one.do) {
      case 'renew':
        expect(await store.lease.renew(lease, leaseMs)).toBe(holds);
        if (holds) model.renew(leaseMs);
        return;
      case 'drain':
        if (holds) expect(ids(await store.inbox.pending(lease))).toEqual(model.inbox);
        else await refused(store.inbox.pending(lease));
        return;
      case 'release':
        await store.lease.release(lease);
        if (holds) model.release();
        return;
      case 'releaseIfEmpty':
        expect(await store.lease.releaseIfInboxEmpty(lease)).toBe(model.releaseIfEmpty(lease.fence));
        return;
      case 'intend': {
        const intent = store.outbox.intend(lease, {
          ...{
            turnId: model.turnId(),
            segment: 0,
            sessionId: this.#id,
            kind: 'reply',
            nonce: 'n',
            text: 't',
          },
          ...{ address: { platform: 'web', channel: 'c' }, final: true, covers: [], receipt: null },
        });
        if (holds) {
          await intent;
          model.intended = true;
        } else await refused(intent);
        return;
      }
      case 'commit': {
        const taken = model.inbox.slice(0, one.take);
        const state = session({ id: this.#id, turnCount: model.turnCount + 1 });
        const commit = store.sessions.commit(lease, {
          turnId: model.turnId(),
          session: state,
          // The entry of a message that comes again after a day replaces the first; a fresh id shows it twice.
          entries: taken.map((id) => line(`${id}@${model.turnCount}`)),
          consumed: taken.map(messageId),
        });
        if (holds) {
          await commit;
          model.commit(taken);
        } else await refused(commit);
        return;
      }
    }
  }

  /** The whole state, as both processes see it. */
  async check(): Promise<void> {
    const model = this.#model;
    for (const store of this.#stores) {
      expect(await store.inbox.count(this.#id)).toBe(model.inbox.length);
      const { entries } = await store.transcript.page(this.#id, { limit: 500 });
      expect(ids(entries)).toEqual(model.lines);
      expect((await store.sessions.get(this.#id))?.turnCount ?? null).toBe(
        model.exists ? model.turnCount : null,
      );
      expect(await store.outbox.pending(this.#id)).toHaveLength(model.intended ? 1 : 0);
      const busy: SessionId[] = model.inbox.length > 0 || model.intended ? [this.#id] : [];
      expect((await store.recoverable()).filter((id) => id === this.#id)).toEqual(busy);
    }
    model.checkNothingTwice();
  }
}

async function refused(attempt: Promise<unknown>): Promise<void> {
  await expect(attempt).rejects.toMatchObject({ code: 'RAPPORT_E_LEASE_LOST' });
}
