import { z } from 'zod';
import type { HistoryLine, MemorySelector, UsedAspects } from '../../src/memory/memory-selector.js';
import { type Dialogue, dialogueSchema, ofSplit } from './dialogue.js';
import {
  dialogueChoices,
  type InfoRow,
  infoChoices,
  type MemoryChoice,
  type MemoryChoices,
} from './memory-choices.js';
import { mean, ndcgAt, type RankedRelevance, reciprocalRank, tiesLast, topOne } from './metrics.js';
import { invalidRows, type Row, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, spread } from './task.js';

const infoSchema = z.looseObject({
  history: z.string(),
  info: z.string().min(1),
  label: z.union([z.literal(0), z.literal(1)], 'label must be 0 or 1'),
});

/** Rows of the info selector come bare or as `{"conversations": {…}}`. */
const rowSchema = z
  .looseObject({})
  .transform((row) => ('conversations' in row ? row.conversations : row))
  .pipe(z.looseObject({}))
  .transform((row, context) => {
    const kind = 'turns' in row ? 'dialogue' : 'info';
    const parsed = kind === 'dialogue' ? dialogueSchema.safeParse(row) : infoSchema.safeParse(row);
    if (parsed.success) return parsed.data as Dialogue | z.infer<typeof infoSchema>;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });

export interface MemorySelectorOptions {
  readonly selector: MemorySelector;
  /** Lines of the history the bot shows its selector (`memory.historyLines`). */
  readonly historyLines: number;
}

/**
 * Does the selector choose the memory that the dialogue's author chose? Ranks all memories of the speaker; thresholds and
 * the rule against repetition, which decide whether a memory is used at all, are left out.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluateMemorySelector(
  scope: EvaluationScope,
  { selector, historyLines }: MemorySelectorOptions,
): Promise<Evaluation> {
  const rows: Row<Dialogue | InfoRow>[] = await readRows(scope.file, rowSchema);
  const { choices, skipped } = choicesOf(rows, scope);
  if (choices.length === 0)
    throw invalidRows([`${scope.file}: no memory was chosen among its speaker's in any row`]);
  const judged = await judgeEach(spread(choices, scope.limit), scope, async (choice) => ({
    line: choice.line,
    expected: [...choice.chosen],
    speaker: choice.speaker,
    known: await rank(choice, selector, historyLines, choice.used ?? undefined),
    own: await rank(choice, selector, historyLines, choice.used ? { own: choice.used.own } : undefined),
  }));
  const candidates = choices.flatMap((choice) => choice.candidates);
  const unnamed = candidates.filter(({ aspect }) => aspect === '').length;
  const known = judged.map((one) => one.known.relevance);
  const own = judged.map((one) => one.own.relevance);
  const ndcg3 = (rankings: readonly RankedRelevance[]): number | null =>
    rankings.length > 0 ? mean(rankings.map((ranking) => ndcgAt(ranking, 3))) : null;
  const of = (role: HistoryLine['role']): RankedRelevance[] =>
    judged.filter(({ speaker }) => speaker === role).map((one) => one.known.relevance);
  return {
    n: judged.length,
    metrics: {
      top1: mean(known.map(topOne)),
      mrr: mean(known.map(reciprocalRank)),
      ndcg3: ndcg3(known),
      ndcg3Seeker: ndcg3(of('seeker')),
      ndcg3Supporter: ndcg3(of('supporter')),
      top1OwnPicks: mean(own.map(topOne)),
      mrrOwnPicks: mean(own.map(reciprocalRank)),
      ndcg3OwnPicks: ndcg3(own),
    },
    notes: [
      `selector: ${selector.kind}`,
      'the selector is told which aspects both sides used before, as in a talk of two characters; …OwnPicks: only those of the side that speaks, as in a talk with a person',
      ...(skipped > 0
        ? [`${skipped} choices left out: nothing said before, or not one of the speaker's memories`]
        : []),
      ...(unnamed > 0
        ? [
            `${unnamed} of ${candidates.length} candidates whose aspect the file does not name: it was guessed by their texts (the bot knows every aspect)`,
          ]
        : []),
    ],
    predictions: judged.map((one) => ({
      line: one.line,
      speaker: one.speaker,
      expected: one.expected,
      predicted: one.known.places,
      predictedOwnPicks: one.own.places,
    })),
  };
}

function choicesOf(rows: readonly Row<Dialogue | InfoRow>[], { split }: EvaluationScope): MemoryChoices {
  const isDialogue = (row: Row<Dialogue | InfoRow>): row is Row<Dialogue> => 'turns' in row.value;
  const [first] = rows;
  if (!first || !isDialogue(first)) {
    const info = rows.filter((row): row is Row<InfoRow> => !isDialogue(row));
    refuseMixed(rows.filter(isDialogue));
    return infoChoices(info);
  }
  refuseMixed(rows.filter((row) => !isDialogue(row)));
  return dialogueChoices(ofSplit(rows.filter(isDialogue), split));
}

function refuseMixed(others: readonly Row<unknown>[]): void {
  if (others.length > 0)
    throw invalidRows(others.map(({ place }) => `${place}: of another kind than the first row`));
}

interface Ranked {
  /** Best rank first. */
  readonly relevance: RankedRelevance;
  /** Places among the candidates, best first. */
  readonly places: readonly number[];
}

async function rank(
  { history, candidates, chosen }: MemoryChoice,
  selector: MemorySelector,
  historyLines: number,
  used: UsedAspects | undefined,
): Promise<Ranked> {
  const right = new Set([...chosen].map((place) => candidates[place]?.text));
  const { considered } = await selector.select(history.slice(-historyLines), candidates, 1, used);
  return {
    relevance: tiesLast(considered.map(({ text, score }) => ({ score, relevant: right.has(text) }))),
    places: considered.map(({ text }) => candidates.findIndex((candidate) => candidate.text === text)),
  };
}
