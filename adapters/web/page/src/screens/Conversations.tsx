import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { SessionSummary } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { Confirm } from '../components/Confirm.js';
import { Icon } from '../components/Icon.js';
import { Screen } from '../components/Screen.js';
import { Waiting } from '../components/Waiting.js';
import { refreshRecent } from '../state/account.js';
import { hrefs } from '../state/route.js';
import { attempt, complain, tell } from '../state/toasts.js';
import { fill, plural, words } from '../state/words.js';
import { shortWhen } from '../text/dates.js';

const pageSize = 30;

function Row({ session, onDelete }: { session: SessionSummary; onDelete: () => void }) {
  const phrases = words().conversations;
  const { character, title } = session;
  return (
    <li class="conversation">
      <a
        class="conversation-link"
        href={hrefs.chat(session.id)}
        aria-label={fill(phrases.continue, { title, name: character.name })}
      >
        <Avatar name={character.name} avatar={character.avatar} />
        <span class="conversation-text">
          <span class="conversation-name">{character.name}</span>
          <span class="conversation-title">{title}</span>
        </span>
        <span class="conversation-meta">
          <time dateTime={new Date(session.updatedAt).toISOString()}>
            {shortWhen(session.updatedAt, Date.now(), words().locale)}
          </time>
          <span>{plural(phrases.turns, session.turnCount, words().locale)}</span>
        </span>
      </a>
      <button
        type="button"
        class="button-icon"
        aria-label={fill(phrases.delete, { name: character.name })}
        onClick={onDelete}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}

/** The person's conversations, newest first. */
export function Conversations() {
  const [sessions, setSessions] = useState<readonly SessionSummary[] | null>(null);
  const [more, setMore] = useState(false);
  const [doomed, setDoomed] = useState<SessionSummary | null>(null);
  const phrases = words().conversations;

  const load = async (offset: number): Promise<void> => {
    await attempt(async () => {
      const page = (await api.sessions(pageSize, offset)).sessions;
      setSessions((known) => (offset === 0 ? page : [...(known ?? []), ...page]));
      setMore(page.length === pageSize);
    });
  };
  useEffect(() => {
    load(0).catch(complain);
  }, []);

  const remove = async (session: SessionSummary): Promise<void> => {
    setDoomed(null);
    if (!(await attempt(() => api.deleteSession(session.id)))) return;
    setSessions((known) => known?.filter(({ id }) => id !== session.id) ?? null);
    tell(phrases.deleted);
    void refreshRecent();
  };

  return (
    <Screen page={phrases.page} title={phrases.title} lead={phrases.lead} narrow>
      {sessions === null ? (
        <Waiting />
      ) : sessions.length === 0 ? (
        <div class="empty">
          <p>{phrases.none}</p>
          <a class="button button-primary" href={hrefs.start}>
            {phrases.start}
          </a>
        </div>
      ) : (
        <ul class="conversations">
          {sessions.map((session) => (
            <Row key={session.id} session={session} onDelete={() => setDoomed(session)} />
          ))}
        </ul>
      )}
      {more && (
        <p class="after-cards">
          <button type="button" class="button" onClick={() => void load(sessions?.length ?? 0)}>
            {words().app.loadMore}
          </button>
        </p>
      )}
      {doomed !== null && (
        <Confirm
          title={phrases.deleteTitle}
          text={fill(phrases.deleteText, { name: doomed.character.name })}
          action={phrases.deleteConfirm}
          onConfirm={() => void remove(doomed)}
          onClose={() => setDoomed(null)}
        />
      )}
    </Screen>
  );
}
