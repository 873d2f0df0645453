import { useState } from 'preact/hooks';
import type { Entry } from '../api/types.js';
import { Icon, type IconName } from '../components/Icon.js';
import type { Conversation } from '../state/conversation.js';
import { attempt, tell } from '../state/toasts.js';
import { words } from '../state/words.js';
import { timeOf } from '../text/dates.js';

interface ActionProps {
  readonly icon: IconName;
  readonly label: string;
  readonly pressed?: boolean;
  readonly onAct: () => void;
}

function Action({ icon, label, pressed, onAct }: ActionProps) {
  return (
    <button
      type="button"
      class="action"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onAct}
    >
      <Icon name={icon} size={17} />
    </button>
  );
}

interface ReplyActionsProps {
  readonly entry: Entry;
  readonly conversation: Conversation;
  readonly newest: boolean;
  readonly explained: boolean;
  readonly onWhy: (entry: Entry) => void;
}

/** Why, copy, answer anew, good, not helpful. */
export function ReplyActions({ entry, conversation, newest, explained, onWhy }: ReplyActionsProps) {
  const [copied, setCopied] = useState(false);
  const phrases = words().actions;
  const rate = async (feedback: 'up' | 'down'): Promise<void> => {
    const next = entry.feedback === feedback ? null : feedback;
    if ((await conversation.rate(entry, next)) && next !== null) tell(phrases.feedbackThanks);
  };
  const copy = async (): Promise<void> => {
    if (await attempt(() => navigator.clipboard.writeText(entry.text))) setCopied(true);
  };
  return (
    <fieldset class={newest || explained ? 'actions actions-shown' : 'actions'}>
      <legend class="visually-hidden">{phrases.label}</legend>
      {entry.hasTrace && (
        <button
          type="button"
          class="action action-why"
          aria-expanded={explained}
          onClick={() => onWhy(entry)}
        >
          <Icon name="why" size={17} />
          {phrases.why}
        </button>
      )}
      {navigator.clipboard !== undefined && (
        <Action
          icon={copied ? 'check' : 'copy'}
          label={copied ? phrases.copied : phrases.copy}
          onAct={() => void copy()}
        />
      )}
      {newest && (
        <Action
          icon="again"
          label={phrases.regenerate}
          onAct={() => void conversation.regenerate(entry.turnId)}
        />
      )}
      <Action icon="up" label={phrases.up} pressed={entry.feedback === 'up'} onAct={() => void rate('up')} />
      <Action
        icon="down"
        label={phrases.down}
        pressed={entry.feedback === 'down'}
        onAct={() => void rate('down')}
      />
      <time class="action-time" dateTime={new Date(entry.at).toISOString()}>
        {timeOf(entry.at, words().locale)}
      </time>
    </fieldset>
  );
}
