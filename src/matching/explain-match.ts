import { type Character, displayName } from '../../characters/schema.js';
import type { Say } from '../../config/locale.js';
import type { SeekerPersona } from '../memory/profile.js';
import { contentWords } from '../text/content-words.js';
import { type FacetName, type Facets, type FacetWeights, facetNames } from './facets.js';
import { everydayText } from './match-texts.js';
import type { MatchReason } from './persona-scorer.js';

/** Names of facets as reasons carry them. */
const reasonNames: Readonly<Record<FacetName, string>> = {
  learnedFit: 'learned-fit',
  experience: 'experience',
  sharedGround: 'shared-ground',
  temperament: 'temperament',
  memories: 'memories',
};

/** A facet is worth a sentence from here on. */
const worthSaying: Readonly<Record<FacetName, number>> = {
  learnedFit: 0.025, // above the rating expected of the others: a tenth of a point of 1–5
  experience: 0.3,
  sharedGround: 0.75,
  temperament: 0.6,
  memories: 0.6,
};

/** Experience from which on a theme is named. */
const leastNamed = 0.2;

export interface ExplainedMatch {
  readonly seeker: SeekerPersona;
  readonly character: Character;
  readonly facets: Facets;
  readonly weights: FacetWeights;
  /** What the character knows of what the person speaks of; null where no theme stands out. */
  readonly theme: string | null;
  /** The learned fit of this person with the bank on average. */
  readonly usualFit: number;
}

/** The reasons of a match in plain sentences, the one that counts most first; never empty. */
export function explainMatch(match: ExplainedMatch, say: Say): MatchReason[] {
  const { character, facets, weights } = match;
  const reasons = facetNames
    .flatMap((facet) => {
      const text = sentence(facet, match, say);
      return text === null ? [] : [{ facet, text, weight: weights[facet] * facets[facet] }];
    })
    .sort((a, b) => b.weight - a.weight)
    .map(({ facet, text }): MatchReason => ({ facet: reasonNames[facet], score: facets[facet], text }));
  if (reasons.length > 0) return reasons;
  const name = displayName(character);
  return [{ facet: 'listening', score: 0, text: say('match.default', { name }) }];
}

function sentence(facet: FacetName, match: ExplainedMatch, say: Say): string | null {
  const { seeker, character, facets, theme, usualFit } = match;
  const name = displayName(character);
  const enough = facets[facet] >= worthSaying[facet];
  switch (facet) {
    case 'experience':
      if (theme !== null && facets.experience >= leastNamed)
        return say('match.experience', { name, topic: theme });
      return enough ? say('match.close', { name }) : null;
    case 'sharedGround': {
      const shared = firstShared(seeker, everydayText(character));
      if (shared !== null) return say('match.ground', { topic: shared });
      return enough ? say('match.everyday', { name }) : null;
    }
    case 'temperament':
      return enough && seeker.mbti !== undefined && character.mbti !== undefined
        ? say('match.temperament', { types: `${seeker.mbti} · ${character.mbti}` })
        : null;
    case 'memories':
      return enough ? say('match.memories', { name }) : null;
    case 'learnedFit':
      return facets.learnedFit - usualFit >= worthSaying.learnedFit ? say('match.fit', { name }) : null;
  }
}

/** The first word of a person's facts that stands in `text` too, as they wrote it; what troubles them is no common ground. */
function firstShared({ facts, worry = '' }: SeekerPersona, text: string): string | null {
  const troubles = new Set(contentWords(worry));
  const words = new Set(contentWords(text).filter((word) => !troubles.has(word)));
  return (
    (
      facts
        .join(' ')
        .toLowerCase()
        .match(/[\p{L}'’-]+/gu) ?? []
    ).find((word) => contentWords(word).some((stemmed) => words.has(stemmed))) ?? null
  );
}
