import type { PersonId, SessionId } from '../ids.js';
import type { UserMemory } from '../memory/profile.js';
import type { Store } from '../state/store.js';
import { plainWords } from '../text/plain-words.js';

type Conversations = Pick<Store, 'sessions' | 'transcript'>;

/** Lines of a conversation in which a forgotten fact is looked for, and forgotten lines that it keeps the ids of. */
const searchedLines = 200;
const mostForgotten = 500;
const pageSessions = 100;

/**
 * Lets what was said of a forgotten fact go with it: the line it was read in and those that say the same come back in no reply, and what
 * was summed up of the person's conversations goes, for it may tell it too. @throws RapportError where the store fails.
 */
export async function forgetSaid(
  { store }: { readonly store: Conversations },
  person: PersonId,
  { text, sessionId, source }: UserMemory,
): Promise<void> {
  if (sessionId) await forgetLines(store, person, sessionId, text, source?.entry);
  for (let offset = 0; ; offset += pageSessions) {
    const page = await store.sessions.list(person, { limit: pageSessions, offset });
    for (const { id } of page) {
      const summary = (await store.sessions.get(id))?.summary;
      // What was summed up is not summed up again.
      if (summary?.text) await store.sessions.update(id, { summary: { ...summary, text: '' } });
    }
    if (page.length < pageSessions) return;
  }
}

async function forgetLines(
  store: Conversations,
  person: PersonId,
  id: SessionId,
  fact: string,
  source: string | undefined,
): Promise<void> {
  const session = await store.sessions.get(id);
  if (!session) return;
  const sought = plainWords(fact);
  const { entries } = await store.transcript.page(id, { limit: searchedLines });
  const same = entries.filter(
    ({ role, personId, text }) =>
      role === 'seeker' && personId === person && sought !== '' && plainWords(text).includes(sought),
  );
  const ids = new Set([
    ...(session.forgotten ?? []),
    ...same.map((entry) => entry.id),
    ...(source ? [source] : []),
  ]);
  await store.sessions.update(id, { forgotten: [...ids].slice(-mostForgotten) });
}
