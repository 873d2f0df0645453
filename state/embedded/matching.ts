import type { MatchObservation } from '../../src/matching/match-observation.js';
import type { Store } from '../../src/state/store.js';
import type { EmbeddedDatabase } from './database.js';

interface BodyRow {
  readonly body: string;
}

export function embeddedMatching(db: EmbeddedDatabase): Store['matching'] {
  return {
    observation: (person, session, character) =>
      db.read(() => {
        const row = db.get<BodyRow>(
          'SELECT body FROM observation WHERE person = ? AND session = ? AND character = ?',
          person,
          session,
          character,
        );
        return row ? (JSON.parse(row.body) as MatchObservation) : null;
      }),
    save: (observation) =>
      db.write(() => {
        const { personId, sessionId, characterId, at } = observation;
        db.run(
          'REPLACE INTO observation VALUES (?, ?, ?, ?, ?)',
          personId,
          sessionId,
          characterId,
          at,
          JSON.stringify(observation),
        );
      }),
    forget: (person, session, character) =>
      db.write(() => {
        db.run(
          'DELETE FROM observation WHERE person = ? AND session = ? AND character = ?',
          person,
          session,
          character,
        );
      }),
    observations: (limit) =>
      db.read(() =>
        db
          .all<BodyRow>(
            'SELECT body FROM observation ORDER BY at DESC, person, session, character LIMIT ?',
            limit,
          )
          .map(({ body }) => JSON.parse(body) as MatchObservation),
      ),
  };
}
