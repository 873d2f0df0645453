import type { CharacterCard } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { RichText } from '../components/RichText.js';
import { faceOf, type LiveReply } from '../state/transcript.js';
import { Notice } from './Notice.js';

/** A reply while it grows. */
export function LiveLine({ message, character }: { message: LiveReply; character: CharacterCard }) {
  if (message.kind === 'notice') return <Notice text={message.text} />;
  return (
    <li class="line line-reply">
      <Avatar avatar={message.speaker.avatar} {...faceOf(message.speaker.name, character)} size="s" />
      <div class="line-body">
        <div class={message.final ? 'bubble' : 'bubble bubble-growing'}>
          <RichText text={message.text} />
        </div>
      </div>
    </li>
  );
}
