import { z } from 'zod';
import { type Character, characterSchema } from '../../characters/schema.js';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';
import { constantSquaredError, meanSquaredError, spearman } from './metrics.js';
import { readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, spread } from './task.js';

const pairSchema = z.looseObject({
  seeker_statement: z.string().trim().min(1),
  supporter_statement: z.string().trim().min(1),
  rating: z.number().min(1).max(5),
});

/** Rows come bare or as `{"conversations": {…}}`. */
const rowSchema = z
  .looseObject({})
  .transform((row) => ('conversations' in row ? row.conversations : row))
  .pipe(pairSchema);

/** The scale of the ratings. */
const scale = { low: 1, high: 5 };

/**
 * How near the matcher's learned fit is to the ratings of published pairs: every supporter of the file is in one bank, known
 * by the statement alone, and every seeker is ranked against it as a person would be.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluatePersonaScore(
  scope: EvaluationScope,
  scorer: PersonaScorer,
): Promise<Evaluation> {
  const rows = spread(await readRows(scope.file, rowSchema), scope.limit);
  const pairs = rows.map(({ value }) => value);
  const ids = new Map<string, string>();
  for (const { supporter_statement } of pairs)
    if (!ids.has(supporter_statement)) ids.set(supporter_statement, `supporter-${ids.size + 1}`);
  const bank = [...ids].map(([statement, id]) => supporter(statement, id));
  const judged = await judgeEach(pairs, scope, async ({ seeker_statement: worry, supporter_statement }) => {
    const ranking = await scorer.rank({ facts: [], worry }, bank, bank.length);
    return ranking.find(({ character }) => character.id === ids.get(supporter_statement));
  });
  const observed = pairs.map(({ rating }) => rating);
  const fits = judged.map((match) => match?.facets?.learnedFit ?? match?.score ?? 0);
  const predicted = fits.map((fit) => scale.low + (scale.high - scale.low) * fit);
  const served = spearman(
    judged.map((match) => match?.score ?? 0),
    observed,
  );
  return {
    n: pairs.length,
    metrics: {
      mse: meanSquaredError(predicted, observed),
      constantMse: constantSquaredError(observed),
      spearman: spearman(predicted, observed),
    },
    notes: [
      `scorer: ${scorer.kind}; judged is its learned fit (models/persona-score), fitted to the published sample: on those rows the figures flatter it, and its card has the ones of cross-validation`,
      'constantMse always answers the mean rating of these very rows',
      `the served score, which is about what troubles people and not about ratings, has a Spearman of ${served === null ? 'no defined value' : served.toFixed(3)} here`,
    ],
    predictions: rows.map(({ line, value }, index) => ({
      line,
      expected: value.rating,
      predicted: predicted[index] ?? null,
      served: judged[index]?.score ?? null,
    })),
  };
}

function supporter(statement: string, id: string): Character {
  return characterSchema.parse({ id, name: id, supporterStatement: statement });
}
