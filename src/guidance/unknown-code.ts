import { editDistance } from './goal-words.js';

/** The words behind `!` that give an order in a message. */
export const codeNames = [
  ...['topic', 'remember', 'facts', 'forget', 'pin', 'unpin', 'memory', 'keep', 'drop'],
  ...['switch', 'country', 'age', 'safety', 'human', 'help'],
] as const;

export interface UnknownCode {
  readonly typed: string;
  /** The code that was probably meant; null where none is near. */
  readonly suggestion: string | null;
}

/**
 * A message that begins with `!` and a word that is no code, where that is plainly meant as one: it is nearly a code, or stands
 * alone. `!important I lost my key` is a message like any other.
 */
export function unknownCode(text: string): UnknownCode | null {
  const [, typed, rest = ''] = /^\s*!(\p{L}{2,20})(?![\p{L}\p{N}_])([\s\S]*)$/u.exec(text) ?? [];
  if (typed === undefined) return null;
  const word = typed.toLowerCase();
  if (codeNames.some((name) => name === word)) return null;
  const allowed = word.length < 5 ? 1 : 2;
  const near = codeNames
    // People seldom miss the first letter.
    .filter((name) => name[0] === word[0] && editDistance(word, name) <= allowed)
    .sort((a, b) => editDistance(word, a) - editDistance(word, b));
  const suggestion = near[0] ?? null;
  return suggestion !== null || rest.trim() === '' ? { typed, suggestion } : null;
}
