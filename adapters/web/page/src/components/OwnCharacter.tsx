import { removeCharacter } from '../api/own-characters.js';
import type { CharacterDetail } from '../api/types.js';
import { go } from '../state/location.js';
import { hrefs } from '../state/route.js';
import { attempt } from '../state/toasts.js';
import { fill, words } from '../state/words.js';

/** Which of its greetings a character begins with, where it has several. */
export function GreetingChoice({
  greetings,
  chosen,
  choose,
}: {
  greetings: readonly string[];
  chosen: number;
  choose: (which: number) => void;
}) {
  const phrases = words().own;
  if (greetings.length < 2) return null;
  return (
    <label class="field">
      {phrases.greeting}
      <select value={chosen} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {greetings.map((_, which) => (
          <option key={String(which)} value={which}>
            {fill(phrases.greetingNumber, { n: which + 1 })}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What its creator tells of a character, and the way to remove one's own. */
export function OwnCharacter({ character }: { character: CharacterDetail }) {
  const phrases = words().own;
  const remove = (): Promise<boolean> =>
    attempt(async () => {
      await removeCharacter(character.id);
      go(hrefs.characters);
    });
  return (
    <>
      {character.notes !== undefined && character.notes !== '' && (
        <details class="sheet-notes">
          <summary>{phrases.notes}</summary>
          <p>{character.notes}</p>
        </details>
      )}
      {character.own === true && (
        <p class="sheet-own">
          {phrases.yours}{' '}
          <button type="button" class="button button-quiet" onClick={() => void remove()}>
            {phrases.remove}
          </button>
        </p>
      )}
    </>
  );
}
