import { noSteering } from '../../../src/guidance/steering-state.js';
import { messageId, personId, type SessionId, sessionId, turnId } from '../../../src/ids.js';
import type { UserMemory } from '../../../src/memory/profile.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../../../src/state/session.js';
import type { Lease, OutboxSegment, Store, TurnCommit } from '../../../src/state/store.js';
import type { FakeClock } from '../../doubles/fake-clock.js';

/** An empty store for one test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** A second process's view of the same data. */
  readonly other: Store;
  readonly clock: FakeClock;
  dispose(): Promise<void>;
}

export interface ContractOptions {
  readonly transcriptCap?: number;
  readonly dedupeMs?: number;
}

export type StoreFactory = (options?: ContractOptions) => Promise<StoreUnderTest>;

/** Keys of the tests. */
export const firstKey = Buffer.alloc(32, 1).toString('base64');
export const secondKey = Buffer.alloc(32, 2).toString('hex');

export const ada = personId('web:ada');
export const ben = personId('web:ben');
export const talk = sessionId('web:talk-1');
export const thread = sessionId('discord:thread-{9}');

const address = { platform: 'web', channel: 'c1' } as const;

export function message(id: string, change: Partial<InboundMessage> = {}): InboundMessage {
  return {
    kind: 'message',
    id: messageId(id),
    sessionId: talk,
    personId: ada,
    speakerName: 'Ada',
    text: `text of ${id}`,
    at: 1000,
    address,
    shared: false,
    ...change,
  };
}

export function session(change: Partial<SessionState> = {}): SessionState {
  return {
    id: talk,
    platform: 'web',
    ownerId: ada,
    shared: false,
    characterId: 'maren-voss',
    matchReasons: [
      { facet: 'experience', score: 0.1 + 0.2, text: 'Both moved far for work — "wirklich" 🙂' },
    ],
    title: 'On moving',
    createdAt: 1_900_000_000_000,
    updatedAt: 1_900_000_000_000,
    turnCount: 0,
    steering: noSteering,
    recentAspects: [],
    recentStrategies: [],
    disclosed: false,
    address,
    ...change,
  };
}

export function line(id: string, change: Partial<TranscriptEntry> = {}): TranscriptEntry {
  return {
    id,
    turnId: turnId(talk, 1),
    role: 'seeker',
    personId: ada,
    speakerName: 'Ada',
    text: `text of ${id}`,
    action: 'speaking',
    at: 1000,
    status: 'complete',
    ...change,
  };
}

export function reply(id: string, change: Partial<TranscriptEntry> = {}): TranscriptEntry {
  const { personId: _, ...rest } = line(id, { role: 'supporter', speakerName: 'Maren', ...change });
  return {
    ...rest,
    trace: { stages: [{ stage: 'match', ms: 1.25, decision: { list: [], none: null } }], totalMs: 3 },
  };
}

export function segment(n: number, change: Partial<OutboxSegment> = {}): OutboxSegment {
  return {
    turnId: turnId(talk, 1),
    segment: n,
    sessionId: talk,
    kind: 'reply',
    address,
    nonce: `nonce-${n}`,
    text: `part ${n}`,
    final: false,
    covers: [messageId('m1')],
    receipt: null,
    ...change,
  };
}

export function memory(id: string, change: Partial<UserMemory> = {}): UserMemory {
  return { id, personId: ada, text: `fact ${id}`, at: 10, ...change };
}

export function turn(change: Partial<TurnCommit> = {}): TurnCommit {
  return {
    turnId: turnId(talk, 1),
    session: session({ turnCount: 1 }),
    entries: [],
    consumed: [],
    ...change,
  };
}

export function ids(entries: readonly { readonly id: string }[]): string[] {
  return entries.map((entry) => entry.id);
}

/** The lease of a session nobody else holds. */
export async function leaseOf(store: Store, id: SessionId = talk, holder = 'one'): Promise<Lease> {
  const lease = await store.lease.acquire(id, holder, 30_000);
  if (!lease) throw new Error('the lease was refused');
  return lease;
}
