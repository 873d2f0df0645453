import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { CharacterCard, CharacterPage } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { BringCharacter } from '../components/BringCharacter.js';
import { CharacterLines } from '../components/CharacterLines.js';
import { GalleryFilters } from '../components/GalleryFilters.js';
import { Screen } from '../components/Screen.js';
import { Waiting } from '../components/Waiting.js';
import { hello } from '../state/account.js';
import { allTags, filters } from '../state/gallery.js';
import { hrefs } from '../state/route.js';
import { complain } from '../state/toasts.js';
import { plural, words } from '../state/words.js';

const pageSize = 24;
const shownTags = 2;
const typingMs = 180;

function Tile({ character }: { character: CharacterCard }) {
  return (
    <li>
      <a class="card tile" href={hrefs.character(character.id)}>
        <div class="tile-who">
          <Avatar name={character.name} avatar={character.avatar} />
          <div>
            <h2>{character.name}</h2>
            <CharacterLines character={character} />
          </div>
        </div>
        <p class="tile-helps">{character.helpsWith}</p>
        <p class="tags">
          {character.mbti !== undefined && <span class="tag tag-type">{character.mbti}</span>}
          {character.tags.slice(0, shownTags).map((tag) => (
            <span key={tag} class="tag">
              {tag.replaceAll('-', ' ')}
            </span>
          ))}
        </p>
      </a>
    </li>
  );
}

/** All characters, with search and filters. */
export function Characters() {
  const [found, setFound] = useState<CharacterPage | null>(null);
  const [offset, setOffset] = useState(0);
  const [brought, setBrought] = useState(0);
  const phrases = words().gallery;
  const { q, tag, mbti } = filters.value;

  useEffect(() => setOffset(0), [q, tag, mbti, brought]);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api.characters({ q, tag, mbti, limit: pageSize, offset }, stop.signal).then(
        (page) => {
          setFound((before) =>
            offset === 0 || before === null
              ? page
              : { ...page, characters: [...before.characters.slice(0, offset), ...page.characters] },
          );
          if (page.tags) allTags.value = page.tags;
        },
        (error: unknown) => {
          if (!stop.signal.aborted) complain(error);
        },
      );
    }, typingMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [q, tag, mbti, offset, brought]);

  return (
    <Screen page={phrases.page} title={phrases.title} lead={phrases.lead}>
      <GalleryFilters tags={allTags.value} />
      {found === null ? (
        <Waiting />
      ) : (
        <>
          <p class="count" role="status">
            {found.total === 0 ? phrases.none : plural(phrases.found, found.total, words().locale)}
          </p>
          <ul class="gallery">
            {found.characters.map((character) => (
              <Tile key={character.id} character={character} />
            ))}
          </ul>
          {found.characters.length < found.total && (
            <p class="after-cards">
              <button type="button" class="button" onClick={() => setOffset(found.characters.length)}>
                {words().app.loadMore}
              </button>
            </p>
          )}
          {hello.value?.imports === true && (
            <BringCharacter brought={() => setBrought((times) => times + 1)} />
          )}
        </>
      )}
    </Screen>
  );
}
