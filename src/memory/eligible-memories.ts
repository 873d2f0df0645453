import { type Character, worryAspect } from '../../characters/schema.js';
import type { MemoryCandidate } from './memory-selector.js';

/**
 * The memories of a supporter that may be recalled now: every aspect but the worry (a seeker's) and the tone, less those
 * used `max` times or more among the last `window` picks (CharacterChat's anti-repetition rule, 3 of 5).
 */
export function eligibleMemories(
  character: Character,
  recentAspects: readonly string[],
  { window, max }: { readonly window: number; readonly max: number },
): MemoryCandidate[] {
  const recent = recentAspects.slice(-window);
  return Object.entries(character.memory)
    .filter(([aspect, text]) => aspect !== worryAspect && aspect !== 'tone' && text !== '')
    .filter(([aspect]) => recent.filter((used) => used === aspect).length < max)
    .map(([aspect, text]) => ({ aspect, text }));
}
