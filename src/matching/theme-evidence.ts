import type { Theme } from '../../config/themes.js';
import { LexicalIndex } from '../text/lexical-index.js';

/**
 * The themes a bank is matched by: those of config/themes.yaml, and every further tag of its characters as a theme whose
 * only line is the tag itself.
 */
export function bankThemes(
  themes: readonly Theme[],
  bank: readonly { readonly tags: readonly string[] }[],
): Theme[] {
  const known = new Set(themes.map(({ id }) => id));
  const further = [...new Set(bank.flatMap(({ tags }) => tags))].filter((tag) => !known.has(tag)).sort();
  return [
    ...themes,
    ...further.map((id) => ({ id, name: id.replaceAll('-', ' '), lines: [id.replaceAll('-', ' ')] })),
  ];
}

/** How well the words of a text fit each theme, BM25 over the themes' lines, best 1; all 0 where no word is shared. */
export class ThemeWords {
  readonly #index: LexicalIndex;

  constructor(themes: readonly Theme[]) {
    this.#index = new LexicalIndex(themes.map(({ name, lines }) => [name, ...lines].join(' ')));
  }

  scores(text: string): number[] {
    const scores = this.#index.scores(text);
    const most = Math.max(0, ...scores);
    return most > 0 ? scores.map((score) => score / most) : scores;
  }
}

/**
 * How likely each theme is what a person speaks of, given one number of evidence a theme: a softmax.
 * @param temperature evidence that makes a theme e times as likely as another.
 * @returns probabilities that add up to 1; uniform where nothing tells the themes apart.
 */
export function themeProbabilities(evidence: readonly number[], temperature: number): Float64Array {
  const most = Math.max(...evidence);
  const odds = Float64Array.from(evidence, (value) => Math.exp((value - most) / temperature));
  const total = odds.reduce((sum, value) => sum + value, 0);
  return odds.map((value) => value / total);
}

/** A character's themes as places in a list of themes. */
export function themesOf(themes: readonly Theme[], tags: readonly string[]): number[] {
  const places = new Map(themes.map(({ id }, place) => [id, place]));
  return [...new Set(tags)].flatMap((tag) => places.get(tag) ?? []);
}

/** Of a character's themes the one a person most likely speaks of, where it is likely enough to say so; else null. */
export function likeliestTheme(
  themes: readonly Theme[],
  own: readonly number[],
  probabilities: ArrayLike<number>,
): Theme | null {
  let best: number | null = null;
  for (const place of own)
    if (best === null || (probabilities[place] ?? 0) > (probabilities[best] ?? 0)) best = place;
  if (best === null || (probabilities[best] ?? 0) < sayable / themes.length) return null;
  return themes[best] ?? null;
}

/** How many times likelier than chance a theme must be before a person is told of it. */
const sayable = 8;
