import type { PersonId, SessionId } from '../../src/ids.js';
import type { Kept } from '../stored-texts.js';

/**
 * Names of keys. All keys of a session share the hash tag `{<session>}` and all keys of a person `{<person>}`, so each
 * script touches one slot of a Redis Cluster:
 *
 *     <prefix>:{<session>}:meta      hash: fence, holder, until, touched, counters `inbox` and `line`
 *     <prefix>:{<session>}:inbox     hash: message id → "<seq>\n<person>\n<message>"
 *     <prefix>:{<session>}:seen      sorted set: message id by the time its mark runs out
 *     <prefix>:{<session>}:session   hash: field of the state → JSON
 *     <prefix>:{<session>}:lines     sorted set: entry id by line number
 *     <prefix>:{<session>}:entries   hash: "e:<id>" → "<role>\n<person>\n<entry>", "f:<id>" → feedback
 *     <prefix>:{<session>}:outbox    hash: "s:<turn>:<n>" → "<covers>\n<segment>", "r:<turn>:<n>" → receipt
 *     <prefix>:person:{<person>}:profile, :memories, :sessions (sorted set: sessions they own or spoke in, by last update)
 *     <prefix>:person:{<person>}:observations   hash: "<character>\n<session>" → what the conversation told about the match
 *     <prefix>:matching              sorted set: people with observations, by the time of the latest
 *     <prefix>:reading               sorted set: sessions to be read for facts, by when they were last written in or until when they are taken
 *     <prefix>:pending               sorted set: sessions that may have work, by the time of the last record
 *     <prefix>:platform:<key>        string (`Store.values`)
 *     <prefix>:encryption            set: notes about the keys by which texts are encrypted
 *
 * What is written <message>, <entry>, <segment>, a profile, a memory and a platform's value is JSON or that, encrypted; so are the
 * fields of a session that hold words.
 */
export interface RedisKeys {
  /** The keys every session script takes, in the order of `scripts.ts`. */
  session(id: SessionId): SessionKeys;
  profile(person: PersonId): string;
  memories(person: PersonId): string;
  /** Index: sessions a person owns or spoke in. */
  sessionsOf(person: PersonId): string;
  /** SCAN pattern of all keys of people whose id begins so. */
  peopleBeginning(prefix: string): string;
  /** The person a key found by it belongs to. */
  personOf(key: string): PersonId;
  /** What conversations told about a person's matches. */
  observations(person: PersonId): string;
  /** Index: people with observations. */
  readonly matching: string;
  readonly pending: string;
  /** Index: sessions that are to be read for facts. */
  readonly reading: string;
  platform(key: string): string;
  readonly encryption: string;
  /** SCAN pattern of all of them. */
  readonly every: string;
  /** Whether it is the key of a person's observations. */
  isObservations(key: string): boolean;
  /** What texts a key holds, and whose; null where it holds none. */
  placeOf(key: string): { readonly kept: Kept; readonly owner: string } | null;
}

export type SessionKeys = readonly [
  meta: string,
  inbox: string,
  seen: string,
  session: string,
  lines: string,
  entries: string,
  outbox: string,
];

export function redisKeys(prefix: string): RedisKeys {
  const person = (id: PersonId, what: string): string => `${prefix}:person:{${tag(id)}}:${what}`;
  return {
    session: (id) => {
      const base = `${prefix}:{${tag(id)}}`;
      return [
        `${base}:meta`,
        `${base}:inbox`,
        `${base}:seen`,
        `${base}:session`,
        `${base}:lines`,
        `${base}:entries`,
        `${base}:outbox`,
      ];
    },
    profile: (id) => person(id, 'profile'),
    memories: (id) => person(id, 'memories'),
    sessionsOf: (id) => person(id, 'sessions'),
    peopleBeginning: (start) => `${escaped(`${prefix}:person:{${tag(start)}`)}*`,
    personOf: (key) =>
      untag(/^\{([^}]*)\}/.exec(key.slice(`${prefix}:person:`.length))?.[1] ?? '') as PersonId,
    observations: (id) => person(id, 'observations'),
    matching: `${prefix}:matching`,
    pending: `${prefix}:pending`,
    reading: `${prefix}:reading`,
    platform: (key) => `${prefix}:platform:${key}`,
    encryption: `${prefix}:encryption`,
    every: `${escaped(`${prefix}:`)}*`,
    isObservations: (key) => key.startsWith(`${prefix}:person:{`) && key.endsWith('}:observations'),
    placeOf: (key) => {
      const name = key.slice(prefix.length + 1);
      if (name.startsWith('platform:')) return { kept: 'platform', owner: name.slice('platform:'.length) };
      const [, tagged = '', what = ''] = /^(?:person:)?\{([^}]*)\}:(\w+)$/.exec(name) ?? [];
      const kept = keptIn[what];
      return kept === undefined ? null : { kept, owner: untag(tagged) };
    },
  };
}

const keptIn: Readonly<Record<string, Kept>> = {
  session: 'session',
  entries: 'entry',
  inbox: 'inbox',
  outbox: 'outbox',
  profile: 'profile',
  memories: 'memory',
};

/** Braces inside an id would end the hash tag early. */
function tag(id: string): string {
  return id.replace(/[%{}]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
}

function untag(id: string): string {
  return id.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** A text as a SCAN pattern that matches only itself. */
function escaped(text: string): string {
  return text.replace(/[[\]*?\\^-]/g, '\\$&');
}
