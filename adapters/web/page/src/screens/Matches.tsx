import { useEffect, useState } from 'preact/hooks';
import type { Match } from '../api/types.js';
import { Notice } from '../chat/Notice.js';
import { Avatar } from '../components/Avatar.js';
import { CharacterLines } from '../components/CharacterLines.js';
import { Reasons } from '../components/Reasons.js';
import { Screen } from '../components/Screen.js';
import { Waiting } from '../components/Waiting.js';
import { findMatches, matches, matchNotice, persona } from '../state/account.js';
import { talkTo } from '../state/location.js';
import { hrefs } from '../state/route.js';
import { attempt } from '../state/toasts.js';
import { fill, words } from '../state/words.js';

function MatchCard({ match, best }: { match: Match; best: boolean }) {
  const [busy, setBusy] = useState(false);
  const { character, reasons } = match;
  const phrases = words().match;
  const choose = async (): Promise<void> => {
    setBusy(true);
    await talkTo(character.id, reasons);
    setBusy(false);
  };
  return (
    <li class={best ? 'card match match-best' : 'card match'}>
      {best && <span class="match-flag">{phrases.best}</span>}
      <div class="match-who">
        <Avatar name={character.name} avatar={character.avatar} size="m" />
        <h2>
          <a href={hrefs.character(character.id)}>{character.name}</a>
        </h2>
        <CharacterLines character={character} />
      </div>
      <p class="match-helps">{character.helpsWith}</p>
      <div class="match-why">
        <h3>{fill(phrases.why, { name: character.shortName })}</h3>
        <Reasons reasons={reasons} />
      </div>
      <button
        type="button"
        class={best ? 'button button-primary' : 'button button-tinted'}
        disabled={busy}
        onClick={() => void choose()}
      >
        {fill(phrases.choose, { name: character.shortName })}
      </button>
    </li>
  );
}

/** The three best matches, with reasons. */
export function Matches() {
  const found = matches.value;
  const phrases = words().match;
  useEffect(() => {
    if (matches.value === null) void attempt(() => findMatches(persona()));
  }, []);
  return (
    <Screen page={phrases.page} title={phrases.title} lead={phrases.lead}>
      {matchNotice.value !== '' && (
        <ul class="match-notice" role="alert">
          <Notice text={matchNotice.value} />
        </ul>
      )}
      {found === null ? (
        <Waiting />
      ) : found.length === 0 ? (
        <p class="empty">{phrases.none}</p>
      ) : (
        <ol class="matches">
          {found.map((match, index) => (
            <MatchCard key={match.character.id} match={match} best={index === 0} />
          ))}
        </ol>
      )}
      <p class="after-cards">
        <a class="button button-quiet" href={hrefs.start}>
          {phrases.again}
        </a>
        <a class="button button-quiet" href={hrefs.characters}>
          {phrases.browse}
        </a>
      </p>
    </Screen>
  );
}
