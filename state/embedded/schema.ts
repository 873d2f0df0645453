/**
 * The schema as a list of steps; `PRAGMA user_version` counts those that were applied. Steps are only ever appended.
 *
 * Tables with long rows keep their rowid: a row then fits on its page, where a clustered one would spill.
 *
 * `lease` holds live leases only. The fence counter is one for the whole file, so a fence is never given twice, not
 * even for a session that was removed and began anew.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO counter VALUES ('fence', 0);

  CREATE TABLE session (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, updated_at INTEGER NOT NULL, next_line INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX session_by_owner ON session (owner, updated_at DESC);

  CREATE TABLE entry (
    session TEXT NOT NULL, line INTEGER NOT NULL, id TEXT NOT NULL, role TEXT NOT NULL, person TEXT, feedback TEXT, body TEXT NOT NULL,
    PRIMARY KEY (session, line)
  );
  CREATE UNIQUE INDEX entry_by_id ON entry (session, id);
  CREATE INDEX entry_by_person ON entry (person) WHERE person IS NOT NULL;

  CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY, session TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX inbox_by_id ON inbox (session, id);
  CREATE INDEX inbox_by_person ON inbox (person);

  CREATE TABLE seen (session TEXT NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (session, id)) WITHOUT ROWID;
  CREATE INDEX seen_by_until ON seen (until);

  CREATE TABLE lease (
    session TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, until INTEGER NOT NULL, touched TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE outbox (
    session TEXT NOT NULL, turn TEXT NOT NULL, segment INTEGER NOT NULL, body TEXT NOT NULL, receipt TEXT,
    PRIMARY KEY (session, turn, segment)
  );

  CREATE TABLE profile (person TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE memory (person TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (person, id)) WITHOUT ROWID;
  -- Store.values
  CREATE TABLE platform (key TEXT PRIMARY KEY, value TEXT NOT NULL, until INTEGER) WITHOUT ROWID;
  `,
  `
  CREATE TABLE observation (
    person TEXT NOT NULL, session TEXT NOT NULL, character TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (person, session, character)
  );
  CREATE INDEX observation_by_time ON observation (at DESC);
  `,
  '-- A trace stands behind its entry, on a line of its own (stored-entry.ts): older builds cannot read that.',
  '-- Texts may be encrypted: the keys by which some are (stored-texts.ts).\n  CREATE TABLE encryption (note TEXT PRIMARY KEY) WITHOUT ROWID;',
  `
  CREATE INDEX session_by_update ON session (updated_at);
  CREATE INDEX memory_by_time ON memory (at);
  `,
  `
  CREATE TABLE reading (session TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX reading_by_time ON reading (at);
  `,
];
