import { RichText } from '../components/RichText.js';
import type { Conversation } from '../state/conversation.js';
import type { Outgoing } from '../state/transcript.js';
import { words } from '../state/words.js';

/** What the person wrote and the server has not shown back yet. */
export function OutgoingLine({ conversation, message }: { conversation: Conversation; message: Outgoing }) {
  const phrases = words().chat;
  const { state, problem } = message;
  return (
    <li class={`line line-own line-${state}`}>
      <div class="line-body">
        <span class="visually-hidden">{phrases.you}:</span>
        <div class="bubble bubble-own">
          <RichText text={message.text} />
        </div>
        {state !== 'recorded' && state !== 'sending' && (
          <p class="line-status" role="status">
            {phrases.status[state]}
            {problem !== undefined && (
              <>
                {': '}
                {problem.text} {problem.cure}
              </>
            )}
          </p>
        )}
        {state !== 'recorded' && state !== 'sending' && (
          <p class="line-choices">
            {problem?.hopeless !== true && (
              <button type="button" class="link" onClick={() => conversation.outbox.retry(message.id)}>
                {phrases.retry}
              </button>
            )}
            <button type="button" class="link" onClick={() => conversation.unsend(message.id)}>
              {phrases.edit}
            </button>
          </p>
        )}
      </div>
    </li>
  );
}
