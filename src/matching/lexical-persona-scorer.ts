import type { Character } from '../../characters/schema.js';
import type { Say } from '../../config/locale.js';
import type { SeekerPersona } from '../memory/profile.js';
import { LexicalIndex } from '../text/lexical-index.js';
import { explainMatch } from './explain-match.js';
import { everydayText, experienceText, worryText } from './match-texts.js';
import type { PersonaScorer, RankedMatch } from './persona-scorer.js';
import { temperamentFit } from './temperament.js';

/** Ranks by shared content words (BM25): the fallback when no encoder can be loaded, said in doctor and the trace. */
export class LexicalPersonaScorer implements PersonaScorer {
  readonly kind = 'lexical';
  readonly #say: Say;
  #bank: readonly Character[] = [];
  #candidates: readonly Character[] = [];
  #experience = new LexicalIndex([]);
  #everyday = new LexicalIndex([]);

  constructor(say: Say) {
    this.#say = say;
  }

  async rank(seeker: SeekerPersona, bank: readonly Character[], k: number): Promise<RankedMatch[]> {
    if (bank !== this.#bank) this.#index(bank);
    const experience = normalise(this.#experience.scores(`${worryText(seeker)} ${seeker.facts.join(' ')}`));
    const ground = normalise(this.#everyday.scores(seeker.facts.join(' ')));
    return this.#candidates
      .map((character, index) => {
        const facets = { experience: experience[index] ?? 0, ground: ground[index] ?? 0 };
        const temperament = temperamentFit(seeker.mbti, character.mbti) ?? 0.5;
        return {
          character,
          facets,
          score: 0.65 * facets.experience + 0.2 * facets.ground + 0.15 * temperament,
        };
      })
      .sort((a, b) => b.score - a.score || a.character.id.localeCompare(b.character.id))
      .slice(0, k)
      .map(({ character, score, facets }) => ({
        character,
        score,
        reasons: explainMatch(seeker, character, facets, this.#say),
      }));
  }

  #index(bank: readonly Character[]): void {
    this.#bank = bank;
    this.#candidates = bank.filter((character) => character.matchable);
    this.#experience = new LexicalIndex(
      this.#candidates.map((character) => `${character.supporterStatement} ${experienceText(character)}`),
    );
    this.#everyday = new LexicalIndex(this.#candidates.map(everydayText));
  }
}

function normalise(scores: readonly number[]): number[] {
  const most = Math.max(0, ...scores);
  return scores.map((score) => (most > 0 ? score / most : 0));
}
