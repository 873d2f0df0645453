import { dirname, join } from 'node:path';
import type { Character } from '../schema.js';
import { type Choice, columns, readChoices } from './choices.js';
import { type Chosen, compose, partFinder } from './compose.js';
import type { Part } from './part-schema.js';
import { type Parts, readParts } from './read-parts.js';
import { type Region, readRegions } from './regions.js';

/** Beside a table of choices: the folder of its parts, and its regions. */
export const partsFolder = 'modules';
export const regionsFile = 'regions.txt';

const parted = new WeakMap<Character, readonly Part[]>();

/** The parts a composed character is made of, in the order of `columns`; undefined for all others, copies among them. */
export function partsOf(character: Character): readonly Part[] | undefined {
  return parted.get(character);
}

/**
 * The characters of a table of choices (`*.composed`), made of the parts beside it.
 * @throws Error or RapportError saying what is wrong with one of the files.
 */
export function loadComposed(file: string): Character[] {
  const { choices, year } = readChoices(file);
  const folder = dirname(file);
  return composeAll(
    choices,
    readParts(join(folder, partsFolder)),
    readRegions(join(folder, regionsFile)),
    year,
  );
}

/** @throws Error naming a part or a region that is missing. */
export function composeAll(
  choices: readonly Choice[],
  parts: Parts,
  regions: ReadonlyMap<string, Region>,
  year: number,
): Character[] {
  const find = partFinder(parts);
  return choices.map((choice) => {
    const chosen = withParts(choice, find, regions, year);
    const character = compose(chosen);
    parted.set(character, chosen.parts);
    return character;
  });
}

/** A choice with its parts and its region. @throws Error naming what is missing. */
export function withParts(
  choice: Choice,
  find: ReturnType<typeof partFinder>,
  regions: ReadonlyMap<string, Region>,
  year: number,
): Chosen {
  const place = regions.get(choice.region);
  if (!place) throw new Error(`there is no region "${choice.region}"`);
  const parts = choice.parts.map((id, column) => find(columns[column] as Part['pool'], id));
  return { ...choice, place, parts, year };
}
