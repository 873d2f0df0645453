import type { Character } from '../../characters/schema.js';
import type { Say } from '../../config/locale.js';
import type { Theme } from '../../config/themes.js';
import type { SeekerPersona } from '../memory/profile.js';
import { LexicalIndex } from '../text/lexical-index.js';
import { explainMatch } from './explain-match.js';
import { defaultWeights, type Facets, type FacetWeights, temperamentFit, weightedScore } from './facets.js';
import { everydayText, experienceText, livedAspects, wholeText } from './match-texts.js';
import type { PersonaScorer, RankedMatch } from './persona-scorer.js';
import { bankThemes, likeliestTheme, ThemeWords, themeProbabilities, themesOf } from './theme-evidence.js';

/** How much of the experience comes from the themes; the rest from the character's own texts. */
const themeShare = 0.7;
/** Softmax temperature of the theme evidence, which lies in [0, 1] here. */
const temperature = 0.25;
/** No model says how well two people fit. */
const unknownFit = 0.5;

interface IndexedBank {
  readonly candidates: readonly Character[];
  readonly themes: readonly Theme[];
  readonly words: ThemeWords;
  /** Places of each candidate's themes. */
  readonly own: readonly (readonly number[])[];
  /** The lines of each candidate's themes. */
  readonly themeTexts: LexicalIndex;
  readonly experience: LexicalIndex;
  readonly everyday: LexicalIndex;
}

/** Ranks by shared content words (BM25): the fallback when no encoder can be loaded, said in doctor and the trace. */
export class LexicalPersonaScorer implements PersonaScorer {
  readonly kind = 'lexical';
  readonly #say: Say;
  readonly #themes: readonly Theme[];
  readonly #weights: FacetWeights;
  readonly #banks = new WeakMap<readonly Character[], IndexedBank>();

  constructor(say: Say, themes: readonly Theme[], weights: FacetWeights = defaultWeights) {
    this.#say = say;
    this.#themes = themes;
    this.#weights = weights;
  }

  async rank(seeker: SeekerPersona, bank: readonly Character[], k: number): Promise<RankedMatch[]> {
    const { candidates, themes, words, own, themeTexts, experience, everyday } = this.#indexed(bank);
    const text = wholeText(seeker);
    const themed = normalise(themeTexts.scores(text));
    const told = normalise(experience.scores(text));
    const ground = normalise(everyday.scores(seeker.facts.join(' ')));
    const probabilities = themeProbabilities(words.scores(text), temperature);
    return candidates
      .map((character, index) => {
        const facets: Facets = {
          learnedFit: unknownFit,
          experience: themeShare * (themed[index] ?? 0) + (1 - themeShare) * (told[index] ?? 0),
          sharedGround: ground[index] ?? 0,
          temperament: temperamentFit(seeker.mbti, character.mbti) ?? 0.5,
          memories: livedAspects.filter((aspect) => character.memory[aspect]).length / livedAspects.length,
        };
        return { character, index, facets, score: weightedScore(facets, this.#weights) };
      })
      .sort((a, b) => b.score - a.score || a.character.id.localeCompare(b.character.id))
      .slice(0, k)
      .map(({ character, index, facets, score }) => {
        const theme = likeliestTheme(themes, own[index] ?? [], probabilities)?.name ?? null;
        const given = { seeker, character, facets, weights: this.#weights, theme, usualFit: unknownFit };
        // Everybody in a bank has memories: without an encoder nothing is known of how they bear on this person.
        const reasons = explainMatch({ ...given, facets: { ...facets, memories: 0 } }, this.#say);
        return { character, score, facets, reasons };
      });
  }

  #indexed(bank: readonly Character[]): IndexedBank {
    const known = this.#banks.get(bank);
    if (known) return known;
    const candidates = bank.filter((character) => character.matchable);
    const themes = bankThemes(this.#themes, candidates);
    const own = candidates.map(({ tags }) => themesOf(themes, tags));
    const indexed = {
      candidates,
      themes,
      own,
      words: new ThemeWords(themes),
      themeTexts: new LexicalIndex(
        own.map((places) =>
          places
            .flatMap((place) => themes[place] ?? [])
            .flatMap(({ name, lines }) => [name, ...lines])
            .join(' '),
        ),
      ),
      experience: new LexicalIndex(
        candidates.map((character) => `${character.supporterStatement} ${experienceText(character)}`),
      ),
      everyday: new LexicalIndex(candidates.map(everydayText)),
    };
    this.#banks.set(bank, indexed);
    return indexed;
  }
}

function normalise(scores: readonly number[]): number[] {
  const most = Math.max(0, ...scores);
  return scores.map((score) => (most > 0 ? score / most : 0));
}
