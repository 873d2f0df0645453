import { z } from 'zod';
import type { Meaning } from '../../src/memory/meaning.js';
import { type PastTurn, RecallIndex } from '../../src/memory/recall.js';
import { readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, type Prediction, spread } from './task.js';

const rowSchema = z.looseObject({
  sessions: z.array(
    z.looseObject({
      at: z.string().nullish(),
      turns: z.array(
        z.looseObject({
          id: z.string(),
          speaker: z.string(),
          text: z.string(),
          /** What a picture that was sent shows. */
          picture: z.string().nullish(),
        }),
      ),
    }),
  ),
  questions: z.array(
    z.looseObject({
      question: z.string(),
      evidence: z.array(z.string()).nullish(),
      category: z.union([z.number(), z.string()]).nullish(),
    }),
  ),
});

/** Questions of this category have no answer in the conversation. */
const unanswerable = '5';
const most = 10;

type Shares = readonly [at5: number, at10: number];

interface Found {
  /** Of the bot's own search, of words alone and of meaning alone. */
  readonly shares: readonly Shares[];
  readonly prediction: Prediction;
}

/**
 * Do the turns come back that hold the answer? `recall5`, `recall10`: the mean share of a question's evidence among the first 5 and 10
 * turns found, by the bot's own search; beside it by shared words and by meaning alone.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluateRecall(scope: EvaluationScope, meaning: Meaning | null): Promise<Evaluation> {
  const rows = await readRows(scope.file, rowSchema);
  const cases = rows.flatMap(({ value, line }) => {
    const turns = turnsOf(value);
    const searches = searchesOver(turns, meaning);
    return value.questions
      .filter(({ category, evidence }) => String(category ?? '') !== unanswerable && evidence?.length)
      .map(({ question, evidence }) => ({ line, searches, question, evidence: new Set(evidence) }));
  });
  const found = await judgeEach(
    spread(cases, scope.limit),
    scope,
    async ({ line, searches, question, evidence }): Promise<Found> => {
      const all: Shares[] = [];
      let predicted: readonly string[] | null = null;
      for (const search of searches) {
        const ids = (await search.search(question, most)).map(({ turn }) => turn.id);
        predicted ??= ids;
        all.push([shareOf(evidence, ids.slice(0, 5)), shareOf(evidence, ids)]);
      }
      const prediction = { line, question, expected: [...evidence], predicted: predicted ?? [] };
      return { shares: all, prediction };
    },
  );
  const mean = (way: number, at: 0 | 1): number | null =>
    found.length === 0
      ? null
      : found.reduce((sum, one) => sum + (one.shares[way]?.[at] ?? 0), 0) / found.length;
  return {
    n: found.length,
    metrics: {
      recall5: mean(0, 0),
      recall10: mean(0, 1),
      'recall5 words alone': mean(1, 0),
      'recall10 words alone': mean(1, 1),
      ...(meaning && { 'recall5 meaning alone': mean(2, 0), 'recall10 meaning alone': mean(2, 1) }),
    },
    notes: [meaning ? 'shared words and meaning' : 'shared words only: no vectors are loaded'],
    predictions: found.map(({ prediction }) => prediction),
  };
}

/** The bot's own search, then by shared words and by meaning alone, each over a turn with the one before it. */
function searchesOver(turns: readonly PastTurn[], meaning: Meaning | null): readonly RecallIndex[] {
  const nothing = {
    words: 0,
    wordsInContext: 0,
    meaning: 0,
    meaningInContext: 0,
    speaker: 0,
    session: 0,
    date: 0,
  };
  return [
    new RecallIndex(turns, meaning),
    new RecallIndex(turns, null, { ...nothing, wordsInContext: 1 }),
    ...(meaning ? [new RecallIndex(turns, meaning, { ...nothing, meaningInContext: 1 })] : []),
  ];
}

function turnsOf({ sessions }: z.infer<typeof rowSchema>): PastTurn[] {
  return sessions.flatMap(({ at, turns }, session) =>
    turns.map(({ id, speaker, text, picture }) => ({
      id,
      speaker,
      text: picture ? `${text} [${picture}]` : text,
      session,
      at: at ?? undefined,
    })),
  );
}

function shareOf(evidence: ReadonlySet<string>, ids: readonly string[]): number {
  return ids.filter((id) => evidence.has(id)).length / evidence.size;
}
