import type { Character } from '../../characters/schema.js';
import type { Say } from '../../config/locale.js';
import type { SeekerPersona } from '../memory/profile.js';
import { contentWords } from '../text/content-words.js';
import { everydayText, worryText } from './match-texts.js';
import type { MatchReason } from './persona-scorer.js';
import { temperamentFit } from './temperament.js';

export interface FacetScores {
  /** How well what the character lived through fits the worry, in [0, 1]. */
  readonly experience: number;
  /** How much everyday ground they share, in [0, 1]. */
  readonly ground: number;
}

/** The reasons of a match in plain sentences, strongest first; never empty. */
export function explainMatch(
  seeker: SeekerPersona,
  character: Character,
  facets: FacetScores,
  say: Say,
): MatchReason[] {
  const name = character.shortName ?? character.name;
  const reasons: MatchReason[] = [];
  const topic = experienceTopic(seeker, character);
  if (facets.experience > 0) {
    const text = topic ? say('match.experience', { name, topic }) : say('match.close', { name });
    reasons.push({ facet: 'experience', score: facets.experience, text });
  }
  const shared = firstShared(seeker.facts.join(' '), everydayText(character));
  if (shared)
    reasons.push({
      facet: 'shared-ground',
      score: facets.ground,
      text: say('match.ground', { topic: shared }),
    });
  const temperament = temperamentFit(seeker.mbti, character.mbti);
  if (temperament !== null && temperament >= 0.6)
    reasons.push({
      facet: 'temperament',
      score: temperament,
      text: say('match.temperament', { types: `${seeker.mbti} · ${character.mbti}` }),
    });
  if (reasons.length === 0)
    reasons.push({ facet: 'listening', score: 0, text: say('match.default', { name }) });
  return reasons.sort((a, b) => b.score - a.score);
}

/** The character's own tag that the worry touches. */
function experienceTopic(seeker: SeekerPersona, character: Character): string | null {
  const worry = new Set(contentWords(worryText(seeker)));
  const tag = character.tags.find((candidate) =>
    contentWords(candidate.replaceAll('-', ' ')).some((word) => worry.has(word)),
  );
  return tag?.replaceAll('-', ' ') ?? null;
}

function firstShared(a: string, b: string): string | null {
  const words = new Set(contentWords(b));
  return (
    (a.toLowerCase().match(/[\p{L}'’-]+/gu) ?? []).find((word) =>
      contentWords(word).some((stemmed) => words.has(stemmed)),
    ) ?? null
  );
}
