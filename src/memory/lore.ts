import type { Lorebook, LoreEntry } from '../../characters/lorebook.js';
import { LoreKeys } from './lore-keys.js';

interface ChosenLore {
  /** What is told, in the order of insertion. */
  readonly told: readonly { readonly name: string; readonly text: string }[];
  /** Entries that were called for and for which there was no room. */
  readonly skipped: number;
}

const usualDepth = 4;
const usualTokens = 600;
const unitsPerToken = 4;
const maxTokens = 4_000;
/** Units of the lines that are searched. */
const searchedUnits = 16_000;
/** How often what was found is searched in turn. */
const maxRounds = 3;

/**
 * The entries of a lorebook that the last lines call for, and the constant ones, as far as its budget goes; an entry that does not fit
 * leaves its room to others, and calls for none. Character Card V3's meaning.
 * @param lines oldest first, the message to answer last. @param names for `{{char}}` and `{{user}}`.
 */
export function chooseLore(
  book: Lorebook | undefined,
  lines: readonly string[],
  names: { readonly char: string; readonly user: string },
): ChosenLore {
  const entries = (book?.entries ?? []).filter(({ enabled, content }) => enabled && content.trim() !== '');
  if (!book || entries.length === 0) return { told: [], skipped: 0 };
  const keys = new LoreKeys();
  const depth = Math.max(0, Math.min(100, book.scan_depth ?? usualDepth));
  let room = unitsPerToken * Math.max(0, Math.min(maxTokens, book.token_budget ?? usualTokens));
  const chosen = new Map<LoreEntry, string>();
  const skipped = new Set<LoreEntry>();
  const take = (called: readonly LoreEntry[]): string[] => {
    const taken: string[] = [];
    for (const entry of called.toSorted(byPriority)) {
      const text = withNames(contentOf(entry), names);
      if (chosen.has(entry) || skipped.has(entry)) continue;
      if (text.length > room) skipped.add(entry);
      else {
        room -= text.length;
        chosen.set(entry, text);
        taken.push(text);
      }
    }
    return taken;
  };
  let searched = depth === 0 ? '' : lines.slice(-depth).join('\n').slice(-searchedUnits);
  for (let round = 0; round <= maxRounds && (searched !== '' || round === 0); round += 1) {
    const called = entries.filter(
      (entry) => (round === 0 && entry.constant === true) || (searched !== '' && keys.fires(entry, searched)),
    );
    const taken = take(called);
    searched = book.recursive_scanning === true ? taken.join('\n').slice(0, searchedUnits) : '';
  }
  return {
    told: [...chosen]
      .sort(([a], [b]) => a.insertion_order - b.insertion_order)
      .map(([entry, text]) => ({ name: entry.name || entry.keys[0] || '', text })),
    skipped: skipped.size,
  };
}

function byPriority(a: LoreEntry, b: LoreEntry): number {
  return (b.priority ?? 0) - (a.priority ?? 0) || a.insertion_order - b.insertion_order;
}

/** Without the decorators at its beginning, which other programs read. */
function contentOf({ content }: LoreEntry): string {
  return content.replace(/^(?:\s*@@[^\n]*(?:\n|$))+/, '').trim();
}

/** In one pass: what is put in is not read again. */
function withNames(text: string, { char, user }: { readonly char: string; readonly user: string }): string {
  return text.replace(/\{\{(char|user)\}\}|<(bot|user)>/gi, (_, macro?: string, tag?: string) =>
    (macro ?? tag ?? '').toLowerCase() === 'user' ? user : char,
  );
}
