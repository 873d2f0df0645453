import { contentWords } from '../text/content-words.js';
import { slotOf } from './fact-slots.js';
import { type Summariser, type SummedLine, summaryUnits } from './summariser.js';

const shortest = 20;
const longest = 220;
/** What an earlier summary keeps at most where it is no list of lines, UTF-16 units. */
const earlierUnits = 450;
/** What was told once weighs more than what is new. */
const lastingBonus = 1.3;
const names = /(?<=[\p{Ll},;:]\s)(?!I\b|I['’])\p{Lu}[\p{L}\p{M}'’-]+/gu;

interface Weighed {
  readonly text: string;
  readonly weight: number;
}

/** The person's own weightiest sentences, in the order they were said, a line each. */
export class RuleSummariser implements Summariser {
  readonly kind = 'rules';

  async sum(before: string | null, lines: readonly SummedLine[]): Promise<string> {
    const earlier = (before ?? '').split('\n').filter(Boolean);
    const known = earlier.map((text): Weighed => {
      const short = text.length > longest ? cut(text) : text;
      return { text: short, weight: text.length > longest ? Infinity : lastingBonus * weightOf(text) };
    });
    const fresh = lines
      .filter(({ by }) => by === 'person')
      .flatMap(({ text }) => text.replace(/\s+/g, ' ').match(/\S.*?(?:[.!?。！？]+(?=\s|$)|$)/g) ?? [])
      .filter((text) => text.length >= shortest && text.length <= longest && !/[?？]/.test(text))
      .map((text): Weighed => ({ text, weight: weightOf(text) }));
    const all = [...known, ...fresh.filter(({ weight }) => weight > 0)];
    const kept = new Set<string>();
    let room = summaryUnits;
    for (const { text } of all.toSorted((a, b) => b.weight - a.weight)) {
      if (kept.has(text) || text.length + 1 > room) continue;
      kept.add(text);
      room -= text.length + 1;
    }
    return [...new Set(all.map(({ text }) => text))].filter((text) => kept.has(text)).join('\n');
  }
}

function weightOf(text: string): number {
  const words = new Set(contentWords(text)).size;
  if (words < 2) return 0;
  const named = text.match(names)?.length ?? 0;
  const numbers = text.match(/\d+/g)?.length ?? 0;
  return Math.min(12, words) + 2 * named + numbers + (slotOf(text) === null ? 0 : 4);
}

/** An earlier summary as far as its sentences go. */
function cut(text: string): string {
  if (text.length <= earlierUnits) return text;
  const head = text.slice(0, earlierUnits);
  const end = Math.max(head.lastIndexOf('. '), head.lastIndexOf('。'));
  return end > shortest ? head.slice(0, end + 1) : head.toWellFormed();
}
