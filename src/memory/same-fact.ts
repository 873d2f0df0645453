import { contentWords } from '../text/content-words.js';
import { conceptsOf } from './concepts.js';
import { cosine, type Meaning } from './meaning.js';

/** From this cosine on two facts of the same names, numbers and things say the same. */
const saysSame = 0.955;
const denies =
  /\b(?:not|no|never|none|nobody|without|hate|hates|dislike|stopped|quit|no longer)\b|n['’]t\b|\bnicht|\bkein|\bpas\b|\bno\b/i;

/**
 * Facts that say the same as a newer one in other words: the place of the older → that of the newer.
 * @param facts oldest first. @throws RapportError where the vectors cannot be made.
 */
export async function sameIn(
  facts: readonly string[],
  meaning: Meaning,
): Promise<ReadonlyMap<number, number>> {
  const known = facts.map((fact) => ({ key: keyOf(fact), words: new Set(contentWords(fact)) }));
  const pairs = known.flatMap((older, place) =>
    known.flatMap((newer, later): (readonly [number, number])[] =>
      later > place && older.key === newer.key && meet(older.words, newer.words) ? [[place, later]] : [],
    ),
  );
  if (pairs.length === 0) return new Map();
  const places = [...new Set(pairs.flat())];
  const found = await meaning.vectors(
    places.map((place) => facts[place] ?? ''),
    'passage',
  );
  const vectors = new Map(places.map((place, at) => [place, found[at]]));
  const same = new Map<number, number>();
  for (const [older, newer] of pairs) {
    const [a, b] = [vectors.get(older), vectors.get(newer)];
    if (a && b && cosine(a, b) >= saysSame) same.set(older, newer);
  }
  return same;
}

/** What two facts must have in common to be one: names, numbers, whom and what they name, and whether they deny. */
function keyOf(fact: string): string {
  const names = [...fact.matchAll(/(?<=[\p{Ll},;:]\s)(?!I\b)\p{Lu}[\p{L}\p{M}'’-]+/gu)].map(([name]) => name);
  const numbers = fact.match(/\d+/g) ?? [];
  return JSON.stringify([
    [...names].sort(),
    [...numbers].sort(),
    [...conceptsOf(fact)].sort(),
    denies.test(fact),
  ]);
}

/** Most of the words of the shorter are in the longer. */
function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared > 0 && shared * 2 >= Math.min(a.size, b.size);
}
