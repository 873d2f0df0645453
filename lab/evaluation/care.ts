import { z } from 'zod';
import { LayeredJudge } from '../../src/care/layered-judge.js';
import type { ContextTurn, RiskJudge, RiskReader } from '../../src/care/risk-judge.js';
import { invalidRows, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, type Prediction, spread } from './task.js';

/** Who spoke may be called `speaker`, `by`, `role` or `from`. */
const turnSchema = z.looseObject({
  speaker: z.string().nullish(),
  by: z.string().nullish(),
  role: z.string().nullish(),
  from: z.string().nullish(),
  text: z.string().optional(),
  content: z.string().optional(),
});

/** One message, or a conversation whose last turn is judged; a turn of the character begins with `B: ` or names who spoke. */
const rowSchema = z.looseObject({
  text: z.string().nullish(),
  turns: z.array(z.union([z.string(), turnSchema])).nullish(),
  /** Null or absent: harmless; any word is a risk. */
  risk: z.string().nullish(),
  kind: z.string().nullish(),
  split: z.string().nullish(),
});

interface Judged {
  readonly risk: boolean;
  readonly said: boolean;
  readonly kind: string | null;
  readonly prediction: Prediction;
}

export interface CareEvaluationOptions {
  readonly judge: RiskJudge;
  /** What decides, for the notes. */
  readonly by: string;
}

/**
 * Does the judgement find who is in danger and leave the others in peace? `recall <kind>` where the rows name kinds. A
 * figure that has no cases is null.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluateCare(
  scope: EvaluationScope,
  { judge, by }: CareEvaluationOptions,
): Promise<Evaluation> {
  const rows = await readRows(scope.file, rowSchema);
  const empty = rows.filter(({ value }) => !value.text && !value.turns?.length);
  if (empty.length > 0) throw invalidRows(empty.map(({ place }) => `${place}: neither a text nor turns`));
  const cases = rows.filter(({ value }) => scope.split === undefined || value.split === scope.split);
  const judged = await judgeEach(
    spread(cases, scope.limit),
    scope,
    async ({ value, line }): Promise<Judged> => {
      const turns = (value.turns ?? []).map(turnOf);
      const message = value.text ?? turns.at(-1)?.text ?? '';
      const context = value.text ? turns : turns.slice(0, -1);
      const found = await judge.judge(message, { context, timeLimit: 10_000 });
      const risk = typeof value.risk === 'string' && value.risk !== '' && value.risk !== 'none';
      const said = found.grade !== 'none';
      const prediction = { line, expected: risk, predicted: said, ...found };
      return { risk, said, kind: value.kind ?? null, prediction };
    },
  );
  const recall = share(
    judged.filter(({ risk }) => risk),
    ({ said }) => said,
  );
  const precision = share(
    judged.filter(({ said }) => said),
    ({ risk }) => risk,
  );
  const kinds = [...new Set(judged.flatMap(({ risk, kind }) => (risk && kind ? [kind] : [])))].sort();
  return {
    n: judged.length,
    metrics: {
      recall,
      precision,
      specificity: share(
        judged.filter(({ risk }) => !risk),
        ({ said }) => !said,
      ),
      f1: recall && precision ? (2 * recall * precision) / (recall + precision) : recall === null ? null : 0,
      ...Object.fromEntries(
        kinds.map((kind) => [
          `recall ${kind}`,
          share(
            judged.filter((one) => one.risk && one.kind === kind),
            ({ said }) => said,
          ),
        ]),
      ),
    },
    notes: [`judged by ${by}; distress counts as a risk`],
    predictions: judged.map(({ prediction }) => prediction),
  };
}

/** The bot's own judgement, with the trained reader or, where there is none, by rules alone. */
export function careJudge(
  reader: RiskReader | null,
  options: Pick<ConstructorParameters<typeof LayeredJudge>[0], 'threshold' | 'clock' | 'logger'>,
): RiskJudge {
  return new LayeredJudge({ ...options, reader, secondReader: null });
}

function turnOf(turn: string | z.infer<typeof turnSchema>): ContextTurn {
  if (typeof turn === 'string')
    return turn.startsWith('B: ') ? { by: 'character', text: turn.slice(3) } : { by: 'person', text: turn };
  const speaker = turn.speaker ?? turn.by ?? turn.role ?? turn.from ?? '';
  const bot = /^(?:b|bot|ai|assistant|supporter|character|companion|model)$/i.test(speaker);
  return { by: bot ? 'character' : 'person', text: turn.text ?? turn.content ?? '' };
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number | null {
  return items.length === 0 ? null : items.filter(holds).length / items.length;
}
