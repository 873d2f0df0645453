import type { Character } from '../../characters/schema.js';
import { livedAspects } from '../../src/matching/match-texts.js';

/** The texts a character is matched by, a vector each. Long memories are split: 100 words in one vector are mush. */
export interface CharacterTexts {
  readonly statement: readonly string[];
  /** Sentences of the memories that tell of hard times. */
  readonly lived: readonly string[];
  /** Job, hobby, work and home: what the character spends the days with. */
  readonly everyday: readonly string[];
}

export const viewNames = ['statement', 'lived', 'everyday'] as const;
export type ViewName = (typeof viewNames)[number];

/** At most so many vectors a view, which bounds a bank of 1,024 characters to about 17 MB. */
const most: Readonly<Record<ViewName, number>> = { statement: 1, lived: 26, everyday: 4 };

export function characterTexts({ supporterStatement, memory, persona }: Character): CharacterTexts {
  const views: CharacterTexts = {
    statement: [supporterStatement],
    lived: livedAspects.flatMap((aspect) => sentences(memory[aspect] ?? '')),
    everyday: [persona.job, memory.hobby, memory.working_conditions, memory.living_conditions].map(
      (text) => text ?? '',
    ),
  };
  return {
    statement: kept(views, 'statement'),
    lived: kept(views, 'lived'),
    everyday: kept(views, 'everyday'),
  };
}

function kept(views: CharacterTexts, name: ViewName): string[] {
  return views[name]
    .map((text) => text.trim())
    .filter((text) => text.length > 2)
    .slice(0, most[name]);
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** The sentences of a text, trimmed; semicolons part too. */
export function sentences(text: string): string[] {
  return [...segmenter.segment(text)]
    .flatMap(({ segment }) => segment.split(';'))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 2);
}
