import { offenceIn } from './read-said.js';
import { endedSentences } from './sentences.js';

/** Longer texts are not read to their end, UTF-16 units. */
const readUnits = 8_000;

/** Whether a text that nobody here wrote may be said as a character's own, by the rules for its replies. */
export function isFitToSay(text: string, minor: boolean): boolean {
  const { ended, rest } = endedSentences(text.slice(0, readUnits));
  let before = '';
  for (const sentence of [...ended, rest]) {
    if (offenceIn(sentence, { before, asked: '', told: '', minor, job: '' }) !== null) return false;
    before += sentence;
  }
  return true;
}
