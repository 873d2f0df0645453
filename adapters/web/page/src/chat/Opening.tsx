import type { Session } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { CharacterLines } from '../components/CharacterLines.js';
import { Reasons } from '../components/Reasons.js';
import { hello } from '../state/account.js';
import { fill, words } from '../state/words.js';

/** The start of a conversation: who this is, why they were introduced, and that an AI is speaking. */
export function Opening({ session, disclosed }: { session: Session; disclosed: boolean }) {
  const { character, matchReasons, model } = session;
  const phrases = words().chat;
  return (
    <section class="opening">
      <Avatar name={character.name} avatar={character.avatar} size="xl" />
      <h2>{character.name}</h2>
      <CharacterLines character={character} />
      {matchReasons.length > 0 && (
        <details class="opening-why">
          <summary>{phrases.matched}</summary>
          <Reasons reasons={matchReasons} />
        </details>
      )}
      {!disclosed && <p class="opening-note">{hello.value?.disclosure}</p>}
      <p class={model.demo ? 'opening-note opening-demo' : 'opening-note'}>
        {model.demo ? phrases.demoNote : fill(phrases.modelNote, { model: model.name })}
      </p>
    </section>
  );
}
