import { api } from '../api/calls.js';
import type { Session } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { hello, setPaused } from '../state/account.js';
import type { Conversation } from '../state/conversation.js';
import { attempt } from '../state/toasts.js';
import { fill, words } from '../state/words.js';

/** What needs to be known before writing: no connection, paused, somebody who fits better. */
export function Banners({ conversation, session }: { conversation: Conversation; session: Session }) {
  const { chat, offer } = words();
  const offered = session.offer;
  const resume = async (): Promise<void> => {
    if (await attempt(() => api.setPaused(false))) setPaused(false);
  };
  return (
    <>
      {!conversation.connected.value && (
        <p class="banner banner-quiet" role="status">
          {chat.reconnecting}
        </p>
      )}
      {hello.value?.person.paused === true && (
        <div class="banner" role="status">
          <p>
            <strong>{chat.pausedTitle}</strong> {chat.pausedText}
          </p>
          <button type="button" class="button" onClick={() => void resume()}>
            {chat.resume}
          </button>
        </div>
      )}
      {offered !== null && (
        <section class="banner banner-offer" role="status">
          <Avatar name={offered.name} avatar={offered.avatar} />
          <div class="banner-text">
            <p>
              <strong>{fill(offer.title, { name: offered.shortName })}</strong>
            </p>
            <p class="hint">{offered.helpsWith}</p>
          </div>
          <div class="banner-actions">
            <button
              type="button"
              class="button button-primary"
              onClick={() => void conversation.answerOffer(true)}
            >
              {fill(offer.accept, { name: offered.shortName })}
            </button>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => void conversation.answerOffer(false)}
            >
              {fill(offer.dismiss, { name: session.character.shortName })}
            </button>
          </div>
        </section>
      )}
    </>
  );
}
