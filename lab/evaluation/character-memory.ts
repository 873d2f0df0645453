import { z } from 'zod';
import type { CharacterBank } from '../../characters/bank.js';
import { eligibleMemories } from '../../src/memory/eligible-memories.js';
import type { MemorySelector } from '../../src/memory/memory-selector.js';
import { invalidRows, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, type Prediction, spread } from './task.js';

const rowSchema = z.looseObject({
  /** Id of a character of the bank. */
  character: z.string().min(1),
  question: z.string().min(1),
  /** The aspects any of which answers; none where nothing of the character's life is called for. */
  aspects: z.array(z.string()),
  split: z.string().nullish(),
});

interface Chosen extends Prediction {
  readonly aspects: readonly string[];
  readonly first: string | null;
  readonly chosen: string | null;
}

/**
 * Which memory of a character answers? `top1`: the one that ranks first is acceptable; `chosen`: the one that is told is; `noneRight`: none
 * is told where none is called for.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluateCharacterMemory(
  scope: EvaluationScope,
  selector: MemorySelector,
  bank: Pick<CharacterBank, 'get'>,
): Promise<Evaluation> {
  const rows = await readRows(scope.file, rowSchema);
  const unknown = rows.filter(({ value }) => !bank.get(value.character));
  if (unknown.length > 0)
    throw invalidRows(
      unknown.map(({ place, value }) => `${place}: there is no character ${value.character}`),
    );
  const cases = rows.filter(({ value }) => scope.split === undefined || value.split === scope.split);
  const chosen = await judgeEach(
    spread(cases, scope.limit),
    scope,
    async ({ value, line }): Promise<Chosen> => {
      const character = bank.get(value.character);
      const memories = character ? eligibleMemories(character, [], { window: 1, max: 1 }) : [];
      const history = [{ role: 'seeker' as const, text: value.question }];
      const selection = await selector.select(history, memories, 1, { own: [] });
      return {
        line,
        aspects: value.aspects,
        first: selection.considered[0]?.aspect ?? null,
        chosen: selection.chosen[0]?.aspect ?? null,
      };
    },
  );
  const answered = chosen.filter(({ aspects }) => aspects.length > 0);
  const rate = (some: readonly Chosen[], right: (one: Chosen) => boolean): number | null =>
    some.length === 0 ? null : some.filter(right).length / some.length;
  return {
    n: chosen.length,
    metrics: {
      top1: rate(answered, ({ aspects, first }) => first !== null && aspects.includes(first)),
      chosen: rate(answered, ({ aspects, chosen: told }) => told !== null && aspects.includes(told)),
      noneRight: rate(
        chosen.filter(({ aspects }) => aspects.length === 0),
        ({ chosen: told }) => told === null,
      ),
    },
    notes: [`chosen by ${selector.kind}`],
    predictions: chosen.map(({ line, aspects, first, chosen: told }) => ({
      line,
      expected: aspects,
      predicted: first,
      chosen: told,
    })),
  };
}
