import { z } from 'zod';
import { type Character, characterSchema } from '../../characters/schema.js';
import { sentences } from '../../inference/onnx/character-texts.js';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';
import { constantSquaredError, meanSquaredError, spearman } from './metrics/regression.js';
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
 * How near the scorer's scores are to the ratings of published pairs. A score in [0, 1] is laid on the scale of the
 * ratings by a straight line, for nothing was trained on them; the supporter is known by the statement alone.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluatePersonaScore(
  scope: EvaluationScope,
  scorer: PersonaScorer,
): Promise<Evaluation> {
  const pairs = spread(await readRows(scope.file, rowSchema), scope.limit).map(({ value }) => value);
  const banks = new Map<string, readonly Character[]>();
  const predicted = await judgeEach(
    pairs,
    scope,
    async ({ seeker_statement: worry, supporter_statement }) => {
      const bank = banks.get(supporter_statement) ?? [supporter(supporter_statement, banks.size)];
      banks.set(supporter_statement, bank);
      const [match] = await scorer.rank({ facts: sentences(worry), worry }, bank, 1);
      return scale.low + (scale.high - scale.low) * (match?.score ?? 0);
    },
  );
  const observed = pairs.map(({ rating }) => rating);
  return {
    n: pairs.length,
    metrics: {
      mse: meanSquaredError(predicted, observed),
      constantMse: constantSquaredError(observed),
      spearman: spearman(predicted, observed),
    },
    notes: [
      `scorer: ${scorer.kind}, zero-shot: its score in [0, 1] is mapped linearly to ${scale.low}-${scale.high}, nothing was fitted to the ratings`,
      'constantMse always answers the mean rating of these rows',
    ],
  };
}

function supporter(statement: string, index: number): Character {
  const id = `supporter-${index + 1}`;
  return characterSchema.parse({ id, name: id, supporterStatement: statement });
}
