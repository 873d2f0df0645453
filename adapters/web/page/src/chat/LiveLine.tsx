import { Avatar } from '../components/Avatar.js';
import { RichText } from '../components/RichText.js';
import type { LiveReply } from '../state/transcript.js';
import { Notice } from './Notice.js';

/** A reply while it grows. */
export function LiveLine({ message }: { message: LiveReply }) {
  if (message.kind === 'notice') return <Notice text={message.text} />;
  return (
    <li class="line line-reply">
      <Avatar name={message.speaker.name} avatar={message.speaker.avatar} size="s" />
      <div class="line-body">
        <div class={message.final ? 'bubble' : 'bubble bubble-growing'}>
          <RichText text={message.text} />
        </div>
      </div>
    </li>
  );
}
