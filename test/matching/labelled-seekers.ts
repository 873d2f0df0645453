import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Character } from '../../characters/schema.js';
import { mbtiSchema } from '../../characters/schema.js';
import { packageRoot } from '../../config/root.js';
import { ndcgAt } from '../../lab/evaluation/metrics.js';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';

const seekerSchema = z.strictObject({
  worry: z.string().min(20),
  facts: z.array(z.string()),
  mbti: mbtiSchema.optional(),
  accept: z.array(z.string()).min(1),
});
export type LabelledSeeker = z.infer<typeof seekerSchema>;

/** People with the supporters of the default bank that suit them. */
export function readLabelled(file: string): LabelledSeeker[] {
  return z.array(seekerSchema).parse(parse(readFileSync(join(packageRoot, file), 'utf8')));
}

/** Mean NDCG@3 of a scorer's ranking of the bank, binary relevance. */
export async function ndcg3(
  people: readonly LabelledSeeker[],
  scorer: PersonaScorer,
  bank: readonly Character[],
): Promise<number> {
  let sum = 0;
  for (const { accept, worry, facts, mbti } of people) {
    const ranking = await scorer.rank({ worry, facts, ...(mbti && { mbti }) }, bank, bank.length);
    sum += ndcgAt(
      ranking.map(({ character }) => accept.includes(character.id)),
      3,
    );
  }
  return sum / people.length;
}

/** Share of people with a suitable supporter among the first `n`. */
export async function hitRate(
  people: readonly LabelledSeeker[],
  scorer: PersonaScorer,
  bank: readonly Character[],
  n: number,
): Promise<number> {
  let hits = 0;
  for (const { accept, worry, facts, mbti } of people) {
    const ranking = await scorer.rank({ worry, facts, ...(mbti && { mbti }) }, bank, n);
    if (ranking.some(({ character }) => accept.includes(character.id))) hits += 1;
  }
  return hits / people.length;
}
