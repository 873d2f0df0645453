import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as otherWork } from 'node:timers/promises';
import { reasonOf } from '../config/errors.js';
import { systemClock } from '../src/clock.js';
import { noSteering } from '../src/guidance/steering-state.js';
import { messageId, personId, sessionId, turnId } from '../src/ids.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../src/state/session.js';
import type { Store } from '../src/state/store.js';
import { openEmbeddedStore } from '../state/embedded/embedded-store.js';
import { openRedisStore } from '../state/redis/redis-store.js';
import { findRedisServer, startRedisServer } from '../test/doubles/redis-server.js';
import { quantile } from './figures.js';

export interface StoreBench {
  readonly bench: 'store';
  /** Milliseconds; null where it could not be measured, with the reason in `notes`. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

/** Conversations that take turns, so that no single one stays in a cache. */
const sessions = 50;
const warmUp = 100;
const turns = 600;
/** A transcript as it is in use: 20 exchanges, texts of 500 bytes, replies with a trace of 2 kB. */
const transcriptEntries = 40;
const text = 'a sentence of a talk. '.repeat(23).slice(0, 500);
const trace = {
  stages: [{ stage: 'memory', ms: 1.5, decision: { why: 'x'.repeat(1900) } }],
  totalMs: 900,
};

/**
 * One turn's worth of state (record, lease, drain, commit, release) on both stores, one after the other, as p50 and p99
 * in ms. Redis is a child of its own (redis-server on PATH or REDIS_SERVER_PATH), else the server of REDIS_URL.
 */
export async function benchStore(): Promise<StoreBench> {
  const embedded = await benchEmbedded();
  const { metrics, notes } = await benchRedis();
  return { bench: 'store', metrics: { ...embedded, ...metrics }, notes };
}

async function benchEmbedded(): Promise<Record<string, number>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
  const store = await openEmbeddedStore({ dataDir, clock: systemClock });
  try {
    const times = await measure(store);
    return { embeddedTurnP50Ms: quantile(times, 0.5), embeddedTurnP99Ms: quantile(times, 0.99) };
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function benchRedis(): Promise<{ metrics: Record<string, number | null>; notes: string[] }> {
  const child = findRedisServer() === null ? null : await startRedisServer(['--appendonly', 'yes']);
  const url = child?.url ?? process.env.REDIS_URL;
  if (url === undefined)
    return {
      metrics: { redisTurnP50Ms: null, redisTurnP99Ms: null },
      notes: ['Redis was not measured: there is no redis-server on PATH and REDIS_URL is not set.'],
    };
  try {
    const store = await openRedisStore({ url, prefix: `rapport-bench-${randomUUID()}`, clock: systemClock });
    try {
      const times = await measure(store);
      return {
        metrics: { redisTurnP50Ms: quantile(times, 0.5), redisTurnP99Ms: quantile(times, 0.99) },
        notes: [
          child ? 'Redis: a child of this run, append-only file on.' : 'Redis: the server of REDIS_URL.',
        ],
      };
    } finally {
      for (let n = 0; n < sessions; n += 1) await store.people.erase(stateOf(n, 0).ownerId);
      await store.close();
    }
  } catch (thrown) {
    return {
      metrics: { redisTurnP50Ms: null, redisTurnP99Ms: null },
      notes: [`Redis was not measured: ${reasonOf(thrown)}`],
    };
  } finally {
    await child?.stop();
  }
}

/** Times of single turns, ms. */
async function measure(store: Store): Promise<number[]> {
  for (let n = 0; n < sessions; n += 1) {
    const entries = Array.from({ length: transcriptEntries }, (_, i) => entryOf(n, `e${i}`, i % 2 === 1));
    await store.sessions.create(stateOf(n, 0), entries);
  }
  const times: number[] = [];
  for (let i = 0; i < warmUp + turns; i += 1) {
    // Turns come through the event loop; the embedded store alone would never give way to it.
    await otherWork();
    const before = systemClock.elapsed();
    await oneTurn(store, i % sessions, Math.floor(i / sessions) + 1);
    if (i >= warmUp) times.push(systemClock.elapsed() - before);
  }
  return times;
}

async function oneTurn(store: Store, n: number, turn: number): Promise<void> {
  const state = stateOf(n, turn);
  await store.inbox.record(messageOf(state, turn));
  const lease = await store.lease.acquire(state.id, 'bench', 30_000);
  if (!lease) throw new Error('the lease was refused');
  const waiting = await store.inbox.pending(lease);
  await store.sessions.commit(lease, {
    turnId: turnId(state.id, turn),
    session: state,
    entries: [entryOf(n, `m${turn}`, false), entryOf(n, `r${turn}`, true)],
    consumed: waiting.map((message) => message.id),
  });
  const outcome = await store.lease.releaseIfInboxEmpty(lease);
  if (outcome !== 'released') throw new Error(`the lease was ${outcome}`);
}

function stateOf(n: number, turn: number): SessionState {
  return {
    id: sessionId(`bench:${n}`),
    platform: 'web',
    ownerId: personId(`bench:person-${n}`),
    shared: false,
    characterId: 'bench',
    matchReasons: [{ facet: 'experience', score: 0.5, text: 'Both moved to another country for work.' }],
    title: 'On moving far away',
    createdAt: 1,
    updatedAt: 1 + turn,
    turnCount: turn,
    steering: noSteering,
    recentAspects: ['hobby', 'family', 'career'],
    recentStrategies: ['question', 'reflection'],
    disclosed: true,
    address: { platform: 'web', channel: `bench-${n}` },
  };
}

function messageOf(state: SessionState, turn: number): InboundMessage {
  return {
    kind: 'message',
    id: messageId(`m${turn}`),
    sessionId: state.id,
    personId: state.ownerId,
    speakerName: 'Bench',
    text,
    at: turn,
    address: state.address,
    shared: false,
  };
}

function entryOf(n: number, id: string, isReply: boolean): TranscriptEntry {
  const common = {
    id,
    turnId: turnId(sessionId(`bench:${n}`), 1),
    text,
    action: 'speaking' as const,
    at: 1,
    status: 'complete' as const,
  };
  return isReply
    ? { ...common, role: 'supporter', speakerName: 'Maren', trace }
    : { ...common, role: 'seeker', speakerName: 'Bench', personId: personId(`bench:person-${n}`) };
}
