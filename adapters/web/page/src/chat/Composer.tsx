import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../api/types.js';
import { Icon } from '../components/Icon.js';
import type { Conversation } from '../state/conversation.js';
import { loadGoals } from '../state/goals.js';
import { fill, words } from '../state/words.js';
import { ActiveGoals } from './ActiveGoals.js';
import { GoalPanel } from './GoalPanel.js';

const tallestPx = 200;
/** A keyboard of keys: on a screen keyboard there is no Shift + Enter, so Enter starts a new line there. */
const keys = matchMedia('(hover: hover) and (pointer: fine)');

/** Where the person writes; Enter sends, Shift + Enter starts a new line. On phones the button sends. */
export function Composer({ conversation, session }: { conversation: Conversation; session: Session }) {
  const input = useRef<HTMLTextAreaElement>(null);
  const [leading, setLeading] = useState(false);
  const phrases = words().chat;
  const draft = conversation.draft.value;
  const answering = conversation.answering.value;
  const name = session.character.shortName;

  useEffect(() => {
    void loadGoals();
    if (keys.matches) input.current?.focus({ preventScroll: true });
  }, []);
  useLayoutEffect(() => {
    const element = input.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, tallestPx)}px`;
  }, [draft]);

  const endLeading = (): void => {
    setLeading(false);
    input.current?.focus();
  };

  return (
    <form
      class="composer"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !leading) return;
        event.preventDefault();
        endLeading();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        conversation.send();
        input.current?.focus();
      }}
    >
      <ActiveGoals conversation={conversation} session={session} />
      {leading && <GoalPanel conversation={conversation} session={session} onClose={endLeading} />}
      <div class="composer-box">
        <textarea
          ref={input}
          class="composer-input"
          rows={1}
          aria-label={fill(phrases.composer, { name })}
          placeholder={fill(phrases.placeholder, { name })}
          enterkeyhint={keys.matches ? 'send' : 'enter'}
          value={draft}
          onInput={(event) => conversation.write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !keys.matches) return;
            event.preventDefault();
            conversation.send();
          }}
        />
        <div class="composer-tools">
          <button
            type="button"
            class="composer-lead"
            aria-expanded={leading}
            aria-label={words().goals.open}
            onClick={() => setLeading(!leading)}
          >
            <Icon name="compass" size={19} />
            <span>{words().goals.open}</span>
          </button>
          <span class="composer-keys" aria-hidden="true">
            {phrases.keys}
          </span>
          {answering && (
            <button
              type="button"
              class="composer-button composer-stop"
              aria-label={phrases.stop}
              title={phrases.stop}
              onClick={() => void conversation.stop()}
            >
              <Icon name="stop" />
            </button>
          )}
          {(!answering || draft.trim() !== '') && (
            <button
              type="submit"
              class="composer-button"
              aria-label={phrases.send}
              title={phrases.send}
              disabled={draft.trim() === ''}
            >
              <Icon name="send" />
            </button>
          )}
        </div>
      </div>
    </form>
  );
}
