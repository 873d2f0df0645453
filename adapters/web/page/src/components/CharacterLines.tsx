import type { CharacterCard } from '../api/types.js';
import { fill, words } from '../state/words.js';

/** Age, work and place in one or two lines, with whatever of them is known. */
export function CharacterLines({ character }: { character: CharacterCard }) {
  const { age, job, region } = character;
  const first =
    age !== undefined && job !== undefined ? fill(words().character.ageJob, { age, job }) : (job ?? age);
  return (
    <p class="character-lines">
      {first !== undefined && <span>{first}</span>}
      {region !== undefined && <span class="character-region">{region}</span>}
    </p>
  );
}
