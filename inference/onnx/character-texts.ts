import type { Character } from '../../characters/schema.js';

/** The texts a character is matched by, a vector each. Long memories are split: 100 words in one vector are mush. */
export interface CharacterTexts {
  readonly statement: readonly string[];
  /** Tags and the clauses of the help line: what the character is good for. */
  readonly themes: readonly string[];
  /** Sentences of the memories that tell of hard times. */
  readonly lived: readonly string[];
  /** Job, hobby, work and home: what the character spends the days with. */
  readonly everyday: readonly string[];
}

export const viewNames = ['statement', 'themes', 'lived', 'everyday'] as const;
export type ViewName = (typeof viewNames)[number];

/** At most so many vectors a view, which bounds a bank of 1,024 characters to about 24 MB. */
const most: Readonly<Record<ViewName, number>> = { statement: 1, themes: 12, lived: 26, everyday: 4 };

const livedAspects = [
  'growth_experience',
  'emotional_state',
  'family_relationship',
  'social_relationship',
] as const;

export function characterTexts({
  supporterStatement,
  tags,
  helpsWith,
  memory,
  persona,
}: Character): CharacterTexts {
  const views: CharacterTexts = {
    statement: [supporterStatement],
    themes: [...tags.map((tag) => tag.replaceAll('-', ' ')), ...helpsWith.split(/[.;]/)],
    lived: livedAspects.flatMap((aspect) => sentences(memory[aspect] ?? '')),
    everyday: [persona.job, memory.hobby, memory.working_conditions, memory.living_conditions].map(
      (text) => text ?? '',
    ),
  };
  return {
    statement: kept(views, 'statement'),
    themes: kept(views, 'themes'),
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
