import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Entry } from '../api/types.js';
import { Banners } from '../chat/Banners.js';
import { ChatHeader } from '../chat/ChatHeader.js';
import { Composer } from '../chat/Composer.js';
import { Log } from '../chat/Log.js';
import { useTitle } from '../components/Screen.js';
import { Waiting } from '../components/Waiting.js';
import { Conversation } from '../state/conversation.js';
import { hrefs } from '../state/route.js';
import { explain } from '../state/toasts.js';
import { fill, words } from '../state/words.js';
import { WhyPanel } from '../why/WhyPanel.js';

/** A conversation: header, log, composer and, on demand, how a reply came about. */
export function Chat({ id }: { id: string }) {
  const conversation = useMemo(() => new Conversation(id), [id]);
  const [asked, setAsked] = useState<Entry | null>(null);
  const explained = conversation.entries.value.find(({ id: known }) => known === asked?.id) ?? null;
  useEffect(() => {
    conversation.open();
    return () => conversation.close();
  }, [conversation]);

  const session = conversation.session.value;
  const gone = conversation.gone.value;
  useTitle(
    session === null ? words().conversations.page : fill(words().chat.page, { name: session.character.name }),
  );

  if (gone !== null) {
    const { text, cure } = explain(gone);
    return (
      <div class="screen screen-narrow empty">
        <h1>{text}</h1>
        <p>{cure}</p>
        <a class="button button-primary" href={hrefs.conversations}>
          {words().conversations.page}
        </a>
      </div>
    );
  }
  if (session === null) return <Waiting />;
  return (
    <div class={explained === null ? 'chat' : 'chat chat-explained'}>
      <section class="chat-column">
        <ChatHeader session={session} />
        <Log
          conversation={conversation}
          session={session}
          explained={explained?.id ?? null}
          onWhy={(entry) => setAsked((known) => (known?.id === entry.id ? null : entry))}
        />
        <div class="chat-foot">
          <Banners conversation={conversation} session={session} />
          <Composer conversation={conversation} session={session} />
        </div>
        <div class="visually-hidden" role="log" aria-live="polite">
          {conversation.announced.value}
        </div>
      </section>
      {explained !== null && (
        <WhyPanel key={explained.id} sessionId={id} entry={explained} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}
