import type { PersonId, SessionId } from '../../src/ids.js';
import type { MatchObservation } from '../../src/matching/match-observation.js';
import type { Store } from '../../src/state/store.js';
import type { RedisConnection } from './connection.js';

/** People whose observations are read together. */
const batch = 100;

/**
 * Observations lie with their person, in a hash; an index beside it tells who has any, the latest last. The index is
 * written first: an observation without an entry would be lost to learning, an entry without one is passed over.
 */
export function redisMatching(redis: RedisConnection): Store['matching'] {
  const { keys } = redis;
  return {
    observation: async (person, session, character) => {
      const body = await redis.plain((client) =>
        client.hget(keys.observations(person), field(session, character)),
      );
      return body === null ? null : (JSON.parse(body) as MatchObservation);
    },
    save: async (observation) => {
      const { personId, sessionId, characterId, at } = observation;
      await redis.plain((client) => client.zadd(keys.matching, 'GT', at, personId));
      await redis.plain((client) =>
        client.hset(keys.observations(personId), field(sessionId, characterId), JSON.stringify(observation)),
      );
    },
    forget: async (person, session, character) => {
      await redis.plain((client) => client.hdel(keys.observations(person), field(session, character)));
    },
    observations: async (limit) => {
      const found: MatchObservation[] = [];
      for (let from = 0; found.length < limit; from += batch) {
        const people = (await redis.plain((client) =>
          client.zrevrange(keys.matching, from, from + batch - 1),
        )) as PersonId[];
        const bodies = await Promise.all(
          people.map((person) => redis.plain((client) => client.hvals(keys.observations(person)))),
        );
        found.push(...bodies.flat().map((body) => JSON.parse(body) as MatchObservation));
        if (people.length < batch) break;
      }
      return found.sort(latestFirst).slice(0, limit);
    },
  };
}

/** The observations of a person, latest first. */
export async function observationsOf(redis: RedisConnection, person: PersonId): Promise<MatchObservation[]> {
  const bodies = await redis.plain((client) => client.hvals(redis.keys.observations(person)));
  return bodies.map((body) => JSON.parse(body) as MatchObservation).sort(latestFirst);
}

function field(session: SessionId, character: string): string {
  return `${character}\n${session}`;
}

function latestFirst(a: MatchObservation, b: MatchObservation): number {
  if (a.at !== b.at) return b.at - a.at;
  const [left, right] = [a, b].map((one) => `${one.personId}\n${one.sessionId}\n${one.characterId}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
