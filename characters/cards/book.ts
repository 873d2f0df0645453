import { type Lorebook, lorebookSchema } from '../lorebook.js';
import { isFields } from './fields.js';
import { cardLimits } from './limits.js';

type Fields = Readonly<Record<string, unknown>>;

/** Names of SillyTavern's own lorebooks, and the ones of Character Card V3 they stand for. */
const otherNames: readonly (readonly [string, string])[] = [
  ['key', 'keys'],
  ['keysecondary', 'secondary_keys'],
  ['order', 'insertion_order'],
  ['caseSensitive', 'case_sensitive'],
  ['comment', 'name'],
];

/**
 * The lorebook that a card, or a program's own lorebook, holds: `entries` as a list or as an object of entries, in the names of
 * Character Card V3 or of SillyTavern.
 */
export function lorebookOf(book: Fields | null, warn: (text: string) => void): Lorebook | undefined {
  if (book === null) return undefined;
  const given = isFields(book.entries) ? Object.values(book.entries) : (book.entries ?? []);
  if (!Array.isArray(given)) {
    warn('the lorebook has no entries; it is kept and not used');
    return undefined;
  }
  const entries = given.filter(isFields);
  const played = fitting(entries);
  if (played.length < entries.length)
    warn(
      `the lorebook is longer than ${cardLimits.bookUnits} characters; all of it is kept, its first ${played.length} entries are played`,
    );
  const parsed = lorebookSchema.safeParse({ ...headOf(book), entries: played.map(entryOf) });
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  warn(`the lorebook cannot be used (${where}); it is kept`);
  return undefined;
}

/** All but its entries; where other programs' things in it are too long, without them. */
function headOf({ entries: _, ...head }: Fields): Fields {
  if (JSON.stringify(head).length <= cardLimits.bookUnits) return head;
  const { name, scan_depth, token_budget, recursive_scanning } = head;
  return {
    ...(typeof name === 'string' && { name: name.slice(0, cardLimits.nameUnits).toWellFormed() }),
    ...{ scan_depth, token_budget, recursive_scanning },
  };
}

/** The first entries that are not too long together. */
function fitting(entries: readonly Fields[]): readonly Fields[] {
  let units = 0;
  const end = entries.findIndex((entry) => {
    units += JSON.stringify(entry).length;
    return units > cardLimits.bookUnits;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

function entryOf(entry: Fields): Fields {
  const renamed = Object.fromEntries(
    otherNames.flatMap(([theirs, ours]) =>
      entry[ours] === undefined && entry[theirs] !== undefined ? [[ours, entry[theirs]]] : [],
    ),
  );
  const number = (value: unknown): unknown =>
    typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : value;
  return {
    ...entry,
    ...renamed,
    ...(typeof entry.content !== 'string' && { content: '' }),
    ...(typeof entry.disable === 'boolean' && entry.enabled === undefined && { enabled: !entry.disable }),
    ...('insertion_order' in entry && { insertion_order: number(entry.insertion_order) }),
    ...('priority' in entry && { priority: number(entry.priority) }),
  };
}
