import { signal } from '@preact/signals';

export interface Filters {
  readonly q: string;
  readonly tag: string;
  readonly mbti: string;
}

export const noFilters: Filters = { q: '', tag: '', mbti: '' };
/** What the gallery is filtered by; kept while other screens are visited. */
export const filters = signal<Filters>(noFilters);
/** Tags of all characters to choose from, most frequent first. */
export const allTags = signal<readonly string[]>([]);

/** The 16 Myers-Briggs types, in the order of the character bank. */
export const mbtiTypes = [
  'INTJ',
  'INTP',
  'ENTJ',
  'ENTP',
  'INFJ',
  'INFP',
  'ENFJ',
  'ENFP',
  'ISTJ',
  'ISFJ',
  'ESTJ',
  'ESFJ',
  'ISTP',
  'ISFP',
  'ESTP',
  'ESFP',
] as const;
