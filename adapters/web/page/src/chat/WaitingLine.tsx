import { RichText } from '../components/RichText.js';
import { words } from '../state/words.js';

/** What the person wrote, in another tab or before a reload, that the server has on record and has not answered yet. */
export function WaitingLine({ text, answering }: { text: string; answering: boolean }) {
  const phrases = words().chat;
  return (
    <li class="line line-own">
      <div class="line-body">
        <span class="visually-hidden">{phrases.you}:</span>
        <div class="bubble bubble-own">
          <RichText text={text} />
        </div>
        {!answering && (
          <p class="line-status" role="status">
            {phrases.status.recorded}
          </p>
        )}
      </div>
    </li>
  );
}
