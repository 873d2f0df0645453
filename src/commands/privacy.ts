import { forgetAlert, keptOf } from '../care/humans.js';
import type { PersonId } from '../ids.js';
import type { Profile } from '../memory/profile.js';
import type { EraseReport, PersonExport } from '../state/store.js';
import { forgetTold } from '../turn/remembering.js';
import type { CommandServices } from './command-services.js';
import { exportPage } from './export-page.js';
import { changeProfile } from './persona.js';
import { endReplies } from './stop-reply.js';

/** A file to hand over. */
export interface ExportFile {
  readonly name: string;
  readonly text: string;
  readonly contentType: string;
}

/** All that is stored about a person. */
export interface PersonFiles {
  readonly data: PersonExport;
  /** Everything, for programs. */
  readonly json: ExportFile;
  /** A page to read: what was said, told and remembered. */
  readonly page: ExportFile;
}

/** What an export tells of a person's own characters, bytes: platforms take no large files. */
const characterBytes = 4 * 1_048_576;

/**
 * All that is stored about a person, as files to hand over.
 * @param most bytes of their own characters and of the cards these came from; what is beyond is named and left out.
 */
export async function exportPerson(
  { store, clock, say, library }: Pick<CommandServices, 'store' | 'clock' | 'say' | 'library'>,
  person: PersonId,
  most = characterBytes,
): Promise<PersonFiles> {
  const now = clock.now();
  const data = await store.people.export(person, now);
  const askedForHuman = await keptOf(store, person);
  const characters = library?.everythingOf(person, most) ?? [];
  const name = `rapport-export-${new Date(now).toISOString().slice(0, 10)}`;
  return {
    data,
    json: {
      name: `${name}.json`,
      contentType: 'application/json',
      text: `${JSON.stringify({ ...data, ...(askedForHuman && { askedForHuman }), ...(characters.length > 0 && { characters }) }, null, 2)}\n`,
    },
    page: { name: `${name}.html`, contentType: 'text/html; charset=utf-8', text: exportPage(data, say) },
  };
}

/** Sessions looked at together. */
const page = 200;

/** Stops every reply that is being written to a person and removes all that is stored about them. */
export async function erasePerson(
  services: Pick<CommandServices, 'store' | 'sessions' | 'clock' | 'library'>,
  person: PersonId,
): Promise<EraseReport> {
  const { store, library } = services;
  library?.removeOf(person);
  for (let offset = 0; ; offset += page) {
    const found = await store.sessions.list(person, { limit: page, offset });
    await endReplies(
      services,
      found.map(({ id }) => id),
    );
    if (found.length < page) {
      await forgetAlert(store, person);
      await forgetTold(services, person);
      return store.people.erase(person);
    }
  }
}

/** A paused person is not answered, and nothing they write is kept until they resume. */
export function pausePerson(
  services: Pick<CommandServices, 'store' | 'clock'>,
  person: PersonId,
  paused: boolean,
): Promise<Profile> {
  return changeProfile(services, person, () => ({ paused }));
}
