import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { CharacterDetail } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { CharacterLines } from '../components/CharacterLines.js';
import { Icon } from '../components/Icon.js';
import { GreetingChoice, OwnCharacter } from '../components/OwnCharacter.js';
import { useTitle } from '../components/Screen.js';
import { Waiting } from '../components/Waiting.js';
import { filters, noFilters } from '../state/gallery.js';
import { talkTo } from '../state/location.js';
import { hrefs } from '../state/route.js';
import { explain } from '../state/toasts.js';
import { fill, wordFor, words } from '../state/words.js';

function Sheet({ character }: { character: CharacterDetail }) {
  const [busy, setBusy] = useState(false);
  const [which, setWhich] = useState(0);
  const greetings = character.greetings ?? [];
  const greeting = greetings[which] ?? character.greeting;
  const phrases = words().character;
  useTitle(character.name);
  const talk = async (): Promise<void> => {
    setBusy(true);
    await talkTo(character.id, undefined, which === 0 ? undefined : which);
    setBusy(false);
  };
  return (
    <article class="sheet">
      <header class="sheet-head">
        <Avatar name={character.name} avatar={character.avatar} size="xl" />
        <div class="sheet-who">
          <h1>{character.name}</h1>
          <CharacterLines character={character} />
          <p class="tags">
            {character.mbti !== undefined && <span class="tag tag-type">{character.mbti}</span>}
            <span class="tag">{wordFor(phrases.kinds, character.kind)}</span>
            <span class="tag tag-ai" title={words().app.aiLong}>
              {words().app.ai}
            </span>
          </p>
        </div>
      </header>
      {greeting !== '' && (
        <blockquote class="sheet-greeting">
          <span class="visually-hidden">{phrases.greeting}</span>
          {greeting}
        </blockquote>
      )}
      <GreetingChoice greetings={greetings} chosen={which} choose={setWhich} />
      <button
        type="button"
        class="button button-primary button-large"
        disabled={busy}
        onClick={() => void talk()}
      >
        {fill(phrases.talk, { name: character.shortName })}
      </button>
      <dl class="sheet-facts">
        {character.helpsWith !== '' && (
          <div>
            <dt>{phrases.helpsWith}</dt>
            <dd>{character.helpsWith}</dd>
          </div>
        )}
        {character.personality !== undefined && (
          <div>
            <dt>{fill(phrases.personality, { name: character.shortName })}</dt>
            <dd>{character.personality}</dd>
          </div>
        )}
        {character.profile.length > 0 && (
          <div>
            <dt>{phrases.profile}</dt>
            <dd class="sheet-profile">
              {character.profile.map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
            </dd>
          </div>
        )}
        {character.aspects.length > 0 && (
          <div>
            <dt>{phrases.aspects}</dt>
            <dd class="tags">
              {character.aspects.map((aspect) => (
                <span key={aspect} class="tag">
                  {wordFor(words().aspects, aspect)}
                </span>
              ))}
            </dd>
          </div>
        )}
        {character.tags.length > 0 && (
          <div>
            <dt>{phrases.tags}</dt>
            <dd class="tags">
              {character.tags.map((tag) => (
                <a
                  key={tag}
                  class="tag tag-link"
                  href={hrefs.characters}
                  onClick={() => {
                    filters.value = { ...noFilters, tag };
                  }}
                >
                  {tag.replaceAll('-', ' ')}
                </a>
              ))}
            </dd>
          </div>
        )}
      </dl>
      <OwnCharacter character={character} />
      <p class="sheet-licence">{fill(phrases.licence, { licence: character.licence })}</p>
    </article>
  );
}

/** One character: who they are and what they can be talked to about. */
export function CharacterScreen({ id }: { id: string }) {
  const [character, setCharacter] = useState<CharacterDetail | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    api.character(id).then(setCharacter, setProblem);
    document.querySelector('.main')?.scrollTo(0, 0);
  }, [id]);
  return (
    <div class="screen screen-narrow">
      <a class="button button-quiet back" href={hrefs.characters}>
        <Icon name="back" />
        {words().gallery.page}
      </a>
      {character !== null ? (
        <Sheet character={character} />
      ) : problem === null ? (
        <Waiting />
      ) : (
        <p class="empty">
          {explain(problem).text} {explain(problem).cure}
        </p>
      )}
    </div>
  );
}
