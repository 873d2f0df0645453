import type { CharacterCard } from '../api/types.js';

/** The face beside a line: the character's own, or the bare name of somebody who spoke here before. */
export function faceOf(speaker: string, character: CharacterCard): { name: string; avatar?: string } {
  const { name, shortName, avatar } = character;
  return speaker === name || speaker === shortName ? { name, avatar } : { name: speaker };
}
