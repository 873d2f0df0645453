import type { Session } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { fill, words } from '../state/words.js';

/** The character is about to say something. */
export function Typing({ session }: { session: Session }) {
  const { name, shortName, avatar } = session.character;
  return (
    <li class="line line-reply line-typing">
      <Avatar name={name} avatar={avatar} size="s" />
      <div class="bubble bubble-typing">
        <span class="dots" aria-hidden="true">
          <span />
          <span />
          <span />
        </span>
        <span class="visually-hidden">{fill(words().chat.typing, { name: shortName })}</span>
      </div>
    </li>
  );
}
