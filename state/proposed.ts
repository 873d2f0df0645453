import type { UserMemory } from '../src/memory/profile.js';

/** Whether a fact waits for the word of the person it is about. */
export function isProposed({ source }: UserMemory): boolean {
  return source?.open === 'proposed';
}
