import type { Lorebook } from '../../characters/lorebook.js';
import { byPlace, chooseLore, type LorePlace, type ToldLore } from './lore.js';
import { LoreKeys } from './lore-keys.js';

/** The lorebooks that may be told of in a turn. */
interface Lorebooks {
  readonly character: Lorebook | undefined;
  /** Of the server or workspace, where everybody reads it. */
  readonly community: Lorebook | undefined;
  /** Of the person; nothing where others read along. */
  readonly person: Lorebook | undefined;
}

interface LoreOfTurn {
  /** By place and order over all books. */
  readonly told: readonly { readonly text: string; readonly place: LorePlace }[];
  /** Names of entries, those of the person's own book left out: they are words of theirs. */
  readonly names: readonly string[];
  /** How many of the person's own are told. */
  readonly own: number;
  readonly skipped: number;
}

/** What the books call for, each within its own budget; their expressions share the time of one. */
export function chooseFromBooks(
  { character, community, person }: Lorebooks,
  lines: readonly string[],
  context: Parameters<typeof chooseLore>[2],
): LoreOfTurn {
  const keys = new LoreKeys();
  const [ofCharacter, ofCommunity, ofPerson] = [character, community, person].map((book) =>
    chooseLore(book, lines, context, keys),
  );
  const all = [ofCharacter, ofCommunity, ofPerson];
  const told: ToldLore[] = all.flatMap((one) => one?.told ?? []).sort(byPlace);
  return {
    told: told.map(({ text, place }) => ({ text, place })),
    names: [...(ofCharacter?.told ?? []), ...(ofCommunity?.told ?? [])].map(({ name }) => name),
    own: ofPerson?.told.length ?? 0,
    skipped: all.reduce((sum, one) => sum + (one?.skipped ?? 0), 0),
  };
}
