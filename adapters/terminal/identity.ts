import { hostname, userInfo } from 'node:os';
import { type PersonId, personId } from '../../src/ids.js';

/**
 * Who sits at the terminal: `terminal:<user>@<host>`, so that people who share a Redis from several machines are not
 * taken for one.
 */
export function terminalPerson(): PersonId {
  return personId(`terminal:${userName()}@${hostname()}`);
}

/** A user of a container may have no name, which `userInfo` answers with an error. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `uid-${process.getuid?.() ?? 0}`;
  }
}
