import type { PersonId, SessionId } from '../../src/ids.js';
import type { MatchObservation } from '../../src/matching/match-observation.js';
import type { Profile, UserMemory } from '../../src/memory/profile.js';
import type { InboundMessage, SessionState } from '../../src/state/session.js';
import type { EraseReport, OutboxSegment, PersonExport, Store } from '../../src/state/store.js';
import { isProposed } from '../proposed.js';
import { Readable } from '../readable.js';
import { fromStored } from '../stored-entry.js';
import type { StoredTexts } from '../stored-texts.js';
import type { EmbeddedDatabase } from './database.js';
import { removeSession } from './sessions.js';
import { wholeTranscript } from './transcript.js';

interface BodyRow {
  readonly body: string;
}

export function embeddedPeople(db: EmbeddedDatabase, texts: StoredTexts): Store['people'] {
  const profile = (person: PersonId): Profile | null => {
    const row = db.get<BodyRow>('SELECT body FROM profile WHERE person = ?', person);
    return row ? texts.read<Profile>(row.body, 'profile', person) : null;
  };
  const facts = (person: PersonId, proposed: boolean): UserMemory[] =>
    db
      .all<BodyRow>('SELECT body FROM memory WHERE person = ? ORDER BY at, id', person)
      .map((row) => texts.read<UserMemory>(row.body, 'memory', person))
      .filter((fact) => isProposed(fact) === proposed);

  return {
    profile: (person) => db.read(() => profile(person)),
    changeProfile: (person, change) =>
      db.write(() => {
        const changed = change(profile(person));
        if (changed)
          db.run('REPLACE INTO profile VALUES (?, ?)', person, texts.write(changed, 'profile', person));
        return changed;
      }),
    memories: (person) => db.read(() => facts(person, false)),
    proposals: (person) => db.read(() => facts(person, true)),
    addMemory: (memory) =>
      db.write(() => {
        db.run(
          'REPLACE INTO memory VALUES (?, ?, ?, ?)',
          memory.personId,
          memory.id,
          memory.at,
          texts.write(memory, 'memory', memory.personId),
        );
      }),
    removeMemory: (person, id) =>
      db.write(() => db.run('DELETE FROM memory WHERE person = ? AND id = ?', person, id) > 0),

    list: (prefix, limit) =>
      db.read(() =>
        db
          .all<{ person: PersonId }>(
            `SELECT person FROM profile WHERE substr(person, 1, length(?1)) = ?1
             UNION SELECT person FROM memory WHERE substr(person, 1, length(?1)) = ?1
             UNION SELECT owner FROM session WHERE substr(owner, 1, length(?1)) = ?1
             UNION SELECT person FROM entry WHERE person IS NOT NULL AND substr(person, 1, length(?1)) = ?1
             UNION SELECT person FROM observation WHERE substr(person, 1, length(?1)) = ?1
             UNION SELECT person FROM inbox WHERE substr(person, 1, length(?1)) = ?1
             LIMIT ?2`,
            prefix,
            limit,
          )
          .map(({ person }) => person),
      ),

    export: (person, now) =>
      db.write(
        (): PersonExport => ({
          personId: person,
          exportedAt: now,
          profile: profile(person),
          memories: facts(person, false),
          proposals: facts(person, true),
          sessions: db
            .all<BodyRow & { id: SessionId }>(
              'SELECT id, body FROM session WHERE owner = ? ORDER BY updated_at DESC, id',
              person,
            )
            .map((row) => {
              const session = texts.read<SessionState>(row.body, 'session', row.id);
              return { session, transcript: wholeTranscript(db, texts, row.id) };
            }),
          sharedLines: db
            .all<BodyRow & { session: SessionId; feedback: string | null }>(
              `SELECT session, body, feedback FROM entry WHERE person = ?1
                 AND session NOT IN (SELECT id FROM session WHERE owner = ?1) ORDER BY session, line`,
              person,
            )
            .map((row) => fromStored(row.body, row.feedback, row.session, texts)),
          observations: db
            .all<BodyRow>(
              'SELECT body FROM observation WHERE person = ? ORDER BY at DESC, session, character',
              person,
            )
            .map((row) => JSON.parse(row.body) as MatchObservation),
          waiting: db
            .all<BodyRow & { session: SessionId }>(
              'SELECT session, body FROM inbox WHERE person = ? ORDER BY session, seq',
              person,
            )
            .map((row) => texts.read<InboundMessage>(row.body, 'inbox', row.session)),
        }),
      ),

    erase: async (person) => {
      const report = await db.write(() => eraseEverything(db, texts, person));
      // The write-ahead log still holds the old pages until it is emptied.
      await db.emptyLog();
      return report;
    },
  };
}

function eraseEverything(db: EmbeddedDatabase, texts: StoredTexts, person: PersonId): EraseReport {
  let entries = 0;
  const owned = db.all<{ id: SessionId }>('SELECT id FROM session WHERE owner = ?', person);
  for (const { id } of owned) entries += removeSession(db, id) ?? 0;

  const waiting = db.all<{ session: SessionId; id: string }>(
    'SELECT session, id FROM inbox WHERE person = ?',
    person,
  );
  for (const session of new Set(waiting.map((row) => row.session))) {
    const ids = waiting.filter((row) => row.session === session).map((row) => row.id);
    forgetWaiting(db, texts, session, ids);
  }
  entries += db.run('DELETE FROM entry WHERE person = ?', person);

  db.run('DELETE FROM observation WHERE person = ?', person);
  db.run('DELETE FROM profile WHERE person = ?', person);
  const memories = db.run('DELETE FROM memory WHERE person = ?', person);
  return { sessions: owned.length, entries, memories };
}

/**
 * Takes a person's waiting messages out of a session of others. A turn that may be answering them loses its lease
 * (it would write their lines down), and replies on their way go with them unless they also answer somebody else.
 */
function forgetWaiting(
  db: EmbeddedDatabase,
  texts: StoredTexts,
  session: SessionId,
  ids: readonly string[],
): void {
  for (const id of ids) db.run('DELETE FROM inbox WHERE session = ? AND id = ?', session, id);
  db.run('DELETE FROM lease WHERE session = ?', session);
  const left = new Set(
    db.all<{ id: string }>('SELECT id FROM inbox WHERE session = ?', session).map((row) => row.id),
  );
  const rows = db.all<BodyRow & { turn: string; segment: number }>(
    'SELECT turn, segment, body FROM outbox WHERE session = ?',
    session,
  );
  const readable = new Readable();
  for (const { turn, segment, body } of rows) {
    // One that cannot be read can never be sent, and may be about the person: it goes.
    const covers = readable.row(() => texts.read<OutboxSegment>(body, 'outbox', session).covers) ?? ids;
    if (!covers.some((id) => ids.includes(id)) || covers.some((id) => left.has(id))) continue;
    db.run('DELETE FROM outbox WHERE session = ? AND turn = ? AND segment = ?', session, turn, segment);
  }
}
