import type { Session } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { Icon } from '../components/Icon.js';
import { hrefs } from '../state/route.js';
import { fill, words } from '../state/words.js';

/** Who is speaking, that they are an AI, and which model speaks for them. */
export function ChatHeader({ session }: { session: Session }) {
  const { character, model } = session;
  const phrases = words().chat;
  return (
    <header class="chat-head">
      <a class="button-icon chat-back" href={hrefs.conversations} aria-label={words().app.back}>
        <Icon name="back" />
      </a>
      <a
        class="chat-who"
        href={hrefs.character(character.id)}
        title={fill(phrases.about, { name: character.name })}
      >
        <Avatar name={character.name} avatar={character.avatar} />
        <span class="chat-who-text">
          <h1 class="chat-name">
            {character.name}
            <span class="tag tag-ai" title={words().app.aiLong}>
              {words().app.ai}
            </span>
          </h1>
          <span class="chat-model">
            {model.demo && <span class="demo-badge">{phrases.demoBadge}</span>}
            <span class="chat-model-name">{fill(phrases.speakingModel, { model: model.name })}</span>
          </span>
        </span>
      </a>
    </header>
  );
}
