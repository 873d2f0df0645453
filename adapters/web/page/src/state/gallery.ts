import { signal } from '@preact/signals';
import type { CharacterCard } from '../api/types.js';

export interface Filters {
  readonly q: string;
  readonly tag: string;
  readonly mbti: string;
}

export const noFilters: Filters = { q: '', tag: '', mbti: '' };
/** What the gallery is filtered by; kept while other screens are visited. */
export const filters = signal<Filters>(noFilters);
/** Tags to choose from, most frequent first. */
export const allTags = signal<readonly string[]>([]);

export function collectTags(characters: readonly CharacterCard[]): void {
  const counts = new Map<string, number>();
  for (const { tags } of characters) {
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  if (byCount.length > allTags.value.length) allTags.value = byCount.map(([tag]) => tag);
}

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
