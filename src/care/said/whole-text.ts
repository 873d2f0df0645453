import { offenceIn } from './read-said.js';
import { endedSentences } from './sentences.js';

/** Longer texts are not read, and so not said, UTF-16 units. A greeting that is imported is cut far below (cards/limits.ts). */
const readUnits = 8_000;

/** Whether a text that nobody here wrote may be said as a character's own, by the rules for its replies. */
export function isFitToSay(text: string, minor: boolean): boolean {
  if (text.length > readUnits) return false;
  const { ended, rest } = endedSentences(text);
  let before = '';
  for (const sentence of [...ended, rest]) {
    if (offenceIn(sentence, { before, asked: '', told: '', minor, job: '' }) !== null) return false;
    before += sentence;
  }
  return true;
}
