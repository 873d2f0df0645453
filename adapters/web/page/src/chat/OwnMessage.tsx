import { useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { Entry } from '../api/types.js';
import { Icon } from '../components/Icon.js';
import { RichText } from '../components/RichText.js';
import { attempt, tell } from '../state/toasts.js';
import { words } from '../state/words.js';
import { timeOf } from '../text/dates.js';

/** What the person wrote, with the button that keeps it as a fact. */
export function OwnMessage({ entry }: { entry: Entry }) {
  const [remembered, setRemembered] = useState(false);
  const phrases = words().actions;
  const remember = async (): Promise<void> => {
    if (!(await attempt(() => api.addMemory(entry.text)))) return;
    setRemembered(true);
    tell(phrases.rememberedToast);
  };
  return (
    <li class="line line-own">
      <div class="line-body">
        <span class="visually-hidden">{words().chat.you}:</span>
        <div class="bubble bubble-own">
          <RichText text={entry.text} />
        </div>
        <fieldset class="actions">
          <legend class="visually-hidden">{phrases.label}</legend>
          <time class="action-time" dateTime={new Date(entry.at).toISOString()}>
            {timeOf(entry.at, words().locale)}
          </time>
          <button
            type="button"
            class="action action-why"
            disabled={remembered}
            onClick={() => void remember()}
          >
            <Icon name={remembered ? 'check' : 'remember'} size={17} />
            {remembered ? phrases.remembered : phrases.remember}
          </button>
        </fieldset>
      </div>
    </li>
  );
}
