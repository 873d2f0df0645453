import { join } from 'node:path';
import { RapportError } from '../../config/errors.js';
import { type Character, memoryAspects, worryAspect } from '../schema.js';
import { type ChoiceTable, writtenChoices } from './choices.js';
import { partFinder } from './compose.js';
import { composeAll, partsFolder, regionsFile, withParts } from './composed-bank.js';
import { contradictions } from './contradictions.js';
import { likestPair } from './likeness.js';
import { readParts } from './read-parts.js';
import { readRegions } from './regions.js';
import { type SamplerOptions, sampleBank } from './sampler.js';

/** No two characters may be more alike than so, by trigrams of words. */
export const mostAlike = { aspect: 0.6, whole: 0.35 } as const;

export interface MadeBank {
  readonly characters: readonly Character[];
  /** The table of choices as its file holds it. */
  readonly text: string;
  /** Of the two most alike: by one aspect, and by all of them. */
  readonly alike: { readonly aspect: number; readonly whole: number };
}

/**
 * Composes a bank of the parts and regions in a folder and checks it.
 * @throws RapportError RAPPORT_E_CHARACTERS_INVALID naming what contradicts or is too much alike; RAPPORT_E_BANK_PARTS where the
 * parts do not suffice.
 */
export function makeBank(folder: string, options: SamplerOptions): MadeBank {
  const parts = readParts(join(folder, partsFolder));
  const regions = readRegions(join(folder, regionsFile));
  const table: ChoiceTable = sampleBank(parts, regions, options);
  const characters = composeAll(table.choices, parts, regions, table.year);
  const find = partFinder(parts);
  const problems = table.choices.flatMap((choice, index) => {
    const character = characters[index] as Character;
    const chosen = withParts(choice, find, regions, table.year);
    return contradictions(character, chosen).map((what) => `  ${character.id}  ${what}`);
  });
  const alike = mostAlikeOf(characters);
  for (const kind of ['aspect', 'whole'] as const)
    if (alike[kind] >= mostAlike[kind])
      problems.push(`  two characters are alike by ${alike[kind].toFixed(2)} (${kind})`);
  if (problems.length > 0)
    throw new RapportError('RAPPORT_E_CHARACTERS_INVALID', {
      count: problems.length,
      problems: problems.join('\n'),
    });
  return { characters, text: writtenChoices(table), alike };
}

/** How alike the two most alike are: by the likest of their aspects, and by all that is told of them. */
export function mostAlikeOf(characters: readonly Character[]): MadeBank['alike'] {
  const aspects = [...memoryAspects, worryAspect];
  return {
    aspect: Math.max(
      ...aspects.map((aspect) => likestPair(characters.map(({ memory }) => memory[aspect] ?? '')).jaccard),
    ),
    whole: likestPair(
      characters.map(({ memory, persona, supporterStatement }) =>
        [
          supporterStatement,
          persona.tone,
          persona.personality,
          ...aspects.map((aspect) => memory[aspect]),
        ].join(' '),
      ),
    ).jaccard,
  };
}
