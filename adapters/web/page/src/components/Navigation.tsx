import { hello, recent } from '../state/account.js';
import { route } from '../state/location.js';
import { hrefs } from '../state/route.js';
import { words } from '../state/words.js';
import { Avatar } from './Avatar.js';
import { Brand } from './Brand.js';
import { Icon, type IconName } from './Icon.js';

function Item({ href, icon, text, active }: { href: string; icon: IconName; text: string; active: boolean }) {
  return (
    <a class="nav-item" href={href} aria-current={active ? 'page' : undefined}>
      <Icon name={icon} size={22} />
      <span>{text}</span>
    </a>
  );
}

/** The side bar on wide screens, the bar at the lower edge on phones. */
export function Navigation() {
  const phrases = words().nav;
  const { screen } = route.value;
  const open = route.value.screen === 'chat' ? route.value.id : null;
  return (
    <nav class="nav" aria-label={phrases.label}>
      <a class="nav-brand" href={hrefs.start}>
        <Brand />
        <span>{hello.value?.name}</span>
      </a>
      <div class="nav-items">
        <Item
          href={hrefs.start}
          icon="talk"
          text={phrases.talk}
          active={screen === 'start' || screen === 'match'}
        />
        <Item
          href={hrefs.conversations}
          icon="list"
          text={phrases.conversations}
          active={screen === 'conversations'}
        />
        <Item
          href={hrefs.characters}
          icon="people"
          text={phrases.characters}
          active={screen === 'characters' || screen === 'character'}
        />
        <Item href={hrefs.data} icon="data" text={phrases.data} active={screen === 'data'} />
      </div>
      {recent.value.length > 0 && (
        <div class="nav-recent">
          <h2 class="nav-heading">{phrases.recent}</h2>
          <ul>
            {recent.value.map((session) => (
              <li key={session.id}>
                <a
                  class="nav-session"
                  href={hrefs.chat(session.id)}
                  aria-current={open === session.id ? 'page' : undefined}
                >
                  <Avatar name={session.character.name} avatar={session.character.avatar} size="s" />
                  <span class="nav-session-text">
                    <span class="nav-session-name">{session.character.name}</span>
                    <span class="nav-session-title">{session.title}</span>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p class="nav-foot">
        {phrases.foot} <a href={hrefs.safety}>{phrases.safety}</a>
      </p>
    </nav>
  );
}
