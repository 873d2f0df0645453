import { TimeoutStrategy, timeout } from 'cockatiel';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { RapportError, reasonOf } from '../../config/errors.js';
import type { SessionId } from '../../src/ids.js';
import type { Lease } from '../../src/state/store.js';
import { storeWaitMs } from '../defaults.js';
import { type RedisKeys, redisKeys } from './keys.js';
import {
  type CounterScript,
  counterScripts,
  type IndexScript,
  indexScripts,
  luaOf,
  type SessionScript,
  sessionScripts,
  type ValueScript,
  valueScripts,
} from './scripts.js';

export type RedisClient = Redis | Cluster;
type Argument = string | number;
type Command = (...args: Argument[]) => Promise<unknown>;

/** A cluster client waits for its nodes without end; the commands of a single one have a limit of their own. */
const limit = timeout(storeWaitMs, TimeoutStrategy.Aggressive);

/** Scripts and plain commands on one client, with coded errors and bounded waiting. */
export class RedisConnection {
  readonly keys: RedisKeys;
  readonly #scripts: Readonly<Record<string, Command>>;
  readonly #now: (() => number) | undefined;

  constructor(
    readonly client: RedisClient,
    prefix: string,
    now: (() => number) | undefined,
  ) {
    this.#now = now;
    this.keys = redisKeys(prefix);
    for (const [name, body] of Object.entries(sessionScripts))
      client.defineCommand(`rapport_${name}`, { numberOfKeys: 7, lua: luaOf(body) });
    for (const [name, body] of Object.entries({ ...indexScripts, ...counterScripts, ...valueScripts }))
      client.defineCommand(`rapport_${name}`, { numberOfKeys: 1, lua: luaOf(body) });
    // defineCommand adds methods that the client's type cannot know.
    this.#scripts = client as unknown as Readonly<Record<string, Command>>;
  }

  /** Runs a script on the keys of one session. */
  session(name: SessionScript, id: SessionId, ...args: Argument[]): Promise<unknown> {
    return this.#call(name, ...this.keys.session(id), this.#time(), ...args);
  }

  /** Runs a script that refuses a stale lease; its first arguments are fence and holder. */
  leased(name: SessionScript, lease: Lease, ...args: Argument[]): Promise<unknown> {
    return this.session(name, lease.sessionId, lease.fence, lease.holder, ...args);
  }

  /** Runs a script on the index of sessions with work. */
  index(name: IndexScript, ...args: Argument[]): Promise<unknown> {
    return this.#call(name, this.keys.pending, this.#time(), ...args);
  }

  /** Runs a script on one counter of the platform keys. */
  counter(name: CounterScript, key: string, ...args: Argument[]): Promise<unknown> {
    return this.#call(name, this.keys.platform(key), this.#time(), ...args);
  }

  /** Runs a script on a key that holds texts. */
  value(name: ValueScript, key: string, ...args: Argument[]): Promise<unknown> {
    return this.#call(name, key, this.#time(), ...args);
  }

  /** Runs plain commands with errors turned into coded ones. */
  async plain<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    try {
      if (this.client instanceof Cluster) return await limit.execute(() => work(this.client));
      return await work(this.client);
    } catch (thrown) {
      throw unavailable(thrown);
    }
  }

  /**
   * Writes indexes, then the record they point to: a crash in between leaves an index entry that points nowhere, never
   * a record that nothing points to. On one server both travel together (one connection keeps their order); the nodes
   * of a cluster must be asked one after the other.
   */
  async indexFirst<T>(indexes: readonly (() => Promise<unknown>)[], record: () => Promise<T>): Promise<T> {
    if (this.client instanceof Cluster) {
      await Promise.all(indexes.map((write) => write()));
      return record();
    }
    const [answer] = await Promise.all([...indexes.map((write) => write()), record()].reverse());
    return answer as T;
  }

  #call(
    name: SessionScript | IndexScript | CounterScript | ValueScript,
    ...args: Argument[]
  ): Promise<unknown> {
    const command = this.#scripts[`rapport_${name}`];
    if (!command) return Promise.reject(new Error(`no script ${name}`));
    return this.plain(() => command.apply(this.client, args));
  }

  #time(): Argument {
    return this.#now ? this.#now() : '';
  }
}

/** Connects to one server, or to a cluster where the URL names several nodes (comma separated). */
export async function connect(url: string): Promise<RedisClient> {
  for (const node of url.split(',')) {
    const scheme = /^\s*([a-z][a-z0-9+.-]*:\/\/)/i.exec(node)?.[1];
    // Without one it is a host or the path of a socket; with a foreign one it would be taken for a path.
    if (scheme !== undefined && !/^rediss?:\/\/$/i.test(scheme))
      throw new RapportError('RAPPORT_E_STORE_ADDRESS', { scheme });
  }
  const client = clientFor(url);
  let last: unknown;
  client.on('error', (thrown: unknown) => {
    last = thrown;
  });
  try {
    await limit.execute(() => client.connect());
    return client;
  } catch (thrown) {
    client.disconnect();
    throw unavailable(last ?? thrown);
  }
}

export function unavailable(thrown: unknown): RapportError {
  if (thrown instanceof RapportError) return thrown;
  return new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: `Redis: ${reasonOf(thrown)}` }, thrown);
}

const options = {
  lazyConnect: true,
  connectTimeout: storeWaitMs,
  // Bounds every command, also one that waits for a reconnect.
  commandTimeout: storeWaitMs,
  // A command in flight when the connection broke may have run: its caller is told and decides.
  autoResendUnfulfilledCommands: false,
  // Empties the queue of waiting commands now and then while the server is away (50 + 100 + 200 + 400 + 800 ms …).
  maxRetriesPerRequest: 5,
  retryStrategy: backoff,
} satisfies RedisOptions;

function backoff(attempt: number): number {
  return Math.min(50 * 2 ** (attempt - 1), 1000);
}

function clientFor(url: string): RedisClient {
  const nodes = url.split(',').map((node) => node.trim());
  const [first] = nodes;
  if (nodes.length === 1 && first !== undefined) return new Redis(first, options);
  const parsed = nodes.map((node) => new URL(node.includes('://') ? node : `redis://${node}`));
  const [head] = parsed;
  return new Cluster(
    parsed.map((node) => ({ host: node.hostname, port: Number(node.port || 6379) })),
    {
      lazyConnect: true,
      slotsRefreshTimeout: storeWaitMs,
      clusterRetryStrategy: backoff,
      redisOptions: {
        ...options,
        ...(head?.username ? { username: decodeURIComponent(head.username) } : {}),
        ...(head?.password ? { password: decodeURIComponent(head.password) } : {}),
        ...(head?.protocol === 'rediss:' ? { tls: {} } : {}),
      },
    },
  );
}
