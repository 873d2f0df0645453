import type { Entry } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { RichText } from '../components/RichText.js';
import type { Conversation } from '../state/conversation.js';
import { words } from '../state/words.js';
import { ReplyActions } from './ReplyActions.js';

interface ReplyProps {
  readonly text: string;
  readonly name: string;
  readonly avatar?: string | undefined;
  readonly entry?: Entry;
  /** It is being answered anew. */
  readonly dimmed?: boolean;
  readonly explained?: boolean;
  readonly newest?: boolean;
  readonly conversation?: Conversation;
  readonly onWhy?: (entry: Entry) => void;
}

/** What the character said (or thought). */
export function Reply({
  text,
  name,
  avatar,
  entry,
  dimmed = false,
  explained = false,
  newest = false,
  conversation,
  onWhy,
}: ReplyProps) {
  const phrases = words().chat;
  const thought = entry?.action === 'thinking';
  const status = entry === undefined || entry.status === 'complete' ? null : phrases.status[entry.status];
  return (
    <li
      class={`line line-reply${entry === undefined ? ' line-plain' : ''}${dimmed ? ' line-dimmed' : ''}${explained ? ' line-explained' : ''}`}
    >
      <Avatar name={name} avatar={avatar} size="s" />
      <div class="line-body">
        <span class="visually-hidden">{name}:</span>
        <div class={thought ? 'bubble bubble-thought' : 'bubble'}>
          {thought && <span class="bubble-label">{phrases.thinking}</span>}
          <RichText text={text} />
        </div>
        {status !== null && <p class="line-status">{status}</p>}
        {entry !== undefined && conversation !== undefined && onWhy !== undefined && (
          <ReplyActions
            entry={entry}
            conversation={conversation}
            newest={newest}
            explained={explained}
            onWhy={onWhy}
          />
        )}
      </div>
    </li>
  );
}
