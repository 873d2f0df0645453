import { createHash } from 'node:crypto';
import type { Lorebook, LoreEntry } from '../../characters/lorebook.js';
import { macroBudget, withMacros } from '../../characters/macros.js';
import { decorated } from './lore-decorators.js';
import { LoreKeys } from './lore-keys.js';

/** What an entry may ask about the conversation, and what stands for its macros. */
interface LoreContext {
  readonly char: string;
  readonly user: string;
  /** The conversation. */
  readonly seed?: string;
  /** Replies of the character so far. */
  readonly replies?: number;
  /** Which greeting it began with, 0 for the usual one; unknown where nothing is given. */
  readonly greeting?: number | undefined;
}

/** Where an entry stands among the notes of a turn: before or after the memories, or last, nearest to the message. */
export type LorePlace = 'before' | 'after' | 'near';

/** An entry that is told. */
export interface ToldLore {
  readonly name: string;
  readonly text: string;
  readonly place: LorePlace;
  readonly order: number;
}

interface ChosenLore {
  /** What is told, by place and order of insertion. */
  readonly told: readonly ToldLore[];
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
 * @param lines oldest first, the message to answer last. @param context names for `{{char}}` and `{{user}}`, and what decorators ask about. @param keys shares its
 * time with other books of the turn.
 */
export function chooseLore(
  book: Lorebook | undefined,
  lines: readonly string[],
  context: LoreContext,
  keys = new LoreKeys(),
): ChosenLore {
  const entries = (book?.entries ?? []).filter(({ enabled, content }) => enabled && content.trim() !== '');
  if (!book || entries.length === 0) return { told: [], skipped: 0 };
  const depth = Math.max(0, Math.min(100, book.scan_depth ?? usualDepth));
  let room = unitsPerToken * Math.max(0, Math.min(maxTokens, book.token_budget ?? usualTokens));
  const values = { char: context.char, user: context.user, seed: context.seed ?? '' };
  const budget = macroBudget();
  const parts = new Map(entries.map((entry) => [entry, decorated(entry.content)]));
  const recent = (depthOf: number): string =>
    depthOf === 0 ? '' : lines.slice(-depthOf).join('\n').slice(-searchedUnits);
  /** Whether decorators let an entry be told at all; `null` where they say nothing of it. */
  const ruled = (entry: LoreEntry, text: string): boolean | null => {
    const asked = parts.get(entry)?.asked;
    if (!asked || asked.size === 0) return null;
    const given = (name: string): number | undefined =>
      asked.has(name) ? Number(asked.get(name)) : undefined;
    const keysOf = (name: string): string[] =>
      (asked.get(name) ?? '')
        .split(',')
        .map((key) => key.trim())
        .filter(Boolean);
    if (asked.has('activate')) return true;
    if (asked.has('dont_activate')) return false;
    const replies = context.replies ?? 0;
    if (replies < (given('activate_only_after') ?? 0)) return false;
    const every = given('activate_only_every');
    if (every !== undefined && every > 0 && replies % every !== 0) return false;
    const greeting = given('is_greeting');
    if (greeting !== undefined && context.greeting !== undefined && greeting !== context.greeting)
      return false;
    const [needed, barred] = [keysOf('additional_keys'), keysOf('exclude_keys')];
    if (needed.length > 0 && !keys.fires({ ...entry, keys: needed, secondary_keys: [] }, text)) return false;
    return barred.length > 0 && keys.fires({ ...entry, keys: barred, secondary_keys: [] }, text)
      ? false
      : null;
  };
  const chosen = new Map<LoreEntry, string>();
  const skipped = new Set<LoreEntry>();
  const take = (called: readonly LoreEntry[]): string[] => {
    const taken: string[] = [];
    for (const entry of called.toSorted(byPriority)) {
      const content = parts.get(entry)?.text ?? '';
      if (chosen.has(entry) || skipped.has(entry)) continue;
      const text = withMacros(content, values, budget).trim();
      if (text.length > room) skipped.add(entry);
      else {
        room -= text.length;
        chosen.set(entry, text);
        if (!isSet(entry, 'prevent_recursion', 'preventRecursion'))
          taken.push(withMacros(content, { ...values, keys: true }, budget));
      }
    }
    return taken;
  };
  let searched = recent(depth);
  for (let round = 0; round <= maxRounds && (searched !== '' || round === 0); round += 1) {
    const called = entries.filter((entry) => {
      if (parts.get(entry)?.text === '' || !isLikely(entry, values.seed)) return false;
      const own = round === 0 ? parts.get(entry)?.asked.get('scan_depth') : undefined;
      const text = own === undefined ? searched : recent(Math.min(100, Number(own)));
      if (round > 0 && isSet(entry, 'exclude_recursion', 'excludeRecursion')) return false;
      if (round === 0 && isSet(entry, 'delay_until_recursion', 'delayUntilRecursion')) return false;
      const ruling = ruled(entry, text);
      if (ruling !== null) return ruling && (round === 0 || !chosen.has(entry));
      return (round === 0 && isConstant(entry)) || (text !== '' && keys.fires(entry, text));
    });
    const taken = take(called);
    searched = book.recursive_scanning === true ? taken.join('\n').slice(0, searchedUnits) : '';
  }
  return {
    told: [...chosen]
      .map(([entry, text]) => ({
        name: entry.name || entry.keys[0] || '',
        text,
        place: placeOf(entry),
        order: entry.insertion_order,
      }))
      .sort(byPlace),
    skipped: skipped.size,
  };
}

const places: readonly LorePlace[] = ['before', 'after', 'near'];

/** The order in which entries are told. */
export function byPlace(a: ToldLore, b: ToldLore): number {
  return places.indexOf(a.place) - places.indexOf(b.place) || a.order - b.order;
}

/** SillyTavern's positions by its numbers: around the author's note (2, 3) and at a depth (4) are near the message. */
function placeOf({ position, extensions }: LoreEntry): LorePlace {
  const theirs = extensions?.position ?? position;
  if (theirs === 'before_char' || theirs === 0) return 'before';
  return theirs === 2 || theirs === 3 || theirs === 4 ? 'near' : 'after';
}

/**
 * Whether an entry with a `probability` (percent) may be told in this turn; the same for the same turn, so that one that is run again after a
 * crash is told the same.
 */
function isLikely({ probability, extensions, content }: LoreEntry, seed: string): boolean {
  const percent = Number(probability ?? extensions?.probability ?? 100);
  const counts = extensions?.useProbability ?? true;
  if (counts === false || !Number.isFinite(percent) || percent >= 100) return true;
  const drawn = createHash('sha256').update(`${seed}\0${content}`).digest().readUInt32BE(0);
  return (100 * drawn) / 2 ** 32 < percent;
}

function byPriority(a: LoreEntry, b: LoreEntry): number {
  return (b.priority ?? 0) - (a.priority ?? 0) || a.insertion_order - b.insertion_order;
}

/** A setting of SillyTavern, in either of its spellings, on the entry or among its extensions. */
function isSet(entry: LoreEntry, ...names: readonly string[]): boolean {
  return names.some((name) => Boolean(entry[name] ?? entry.extensions?.[name]));
}

/** A regular expression of Character Card V3 voids it; SillyTavern sets `use_regex` on every entry it writes. */
function isConstant({ constant, use_regex, extensions }: LoreEntry): boolean {
  return constant === true && !(use_regex === true && extensions?.display_index === undefined);
}
