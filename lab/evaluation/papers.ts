import { z } from 'zod';
import { splitWords } from './generation/nltk-tokens.js';
import { bootstrapIntervals, type Measures, seeded } from './generation/resampling.js';
import {
  characterBleu,
  miracleDistinct,
  personaGptF1,
  personaGptPerplexity,
  selfBleu,
} from './generation/seed-figures.js';
import { mean } from './metrics.js';
import { invalidRows, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, spread } from './task.js';

export interface PapersOptions {
  /** Whether confidence intervals are computed. */
  readonly intervals?: boolean | undefined;
}

const maxRows = 50_000;
const maxTurns = 256;
const text = z.string().max(20_000);
const probability = z.number().min(0).max(1);
const ids = z.array(z.number().int().nonnegative()).max(4_096);

const rowSchema = z.object({
  hypothesis: text.optional(),
  references: z.array(text).min(1).max(64).optional(),
  attributes: z.record(z.string().max(100), probability).optional(),
  coherence: probability.optional(),
  crossEntropy: z.number().nonnegative().optional(),
  turns: z
    .array(z.object({ predicted: ids, expected: ids }))
    .min(1)
    .max(maxTurns)
    .optional(),
});
type PaperRow = z.infer<typeof rowSchema>;

/**
 * The figures of MIRACLE and PersonaGPT as their programs compute them, from what their models and judges gave; a figure whose fields no row
 * has is null.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluatePapers(
  scope: EvaluationScope,
  { intervals }: PapersOptions = {},
): Promise<Evaluation> {
  const all = await readRows(scope.file, rowSchema);
  if (all.length > maxRows) throw invalidRows([`${scope.file}: more than ${maxRows} rows`]);
  const rows = spread(all, scope.limit).map(({ value }) => value);
  const measures = byRow(rows);
  const replies = rows.flatMap(({ hypothesis }) =>
    hypothesis === undefined ? [] : [splitWords(hypothesis)],
  );
  const places = [...rows.keys()];
  return {
    n: rows.length,
    metrics: { ...measures(places), selfBleu: selfBleu(replies, seeded(1)) },
    notes: intervals ? ['selfBleu has no interval: a reply drawn twice would be compared with itself'] : [],
    predictions: [],
    ...(intervals ? { intervals: bootstrapIntervals(rows.length, measures, { centred: ['distinct'] }) } : {}),
  };
}

/** The figures of any rows, by their places; what a row gives by itself is computed once. */
function byRow(rows: readonly PaperRow[]): (places: readonly number[]) => Measures {
  const names = [...new Set(rows.flatMap(({ attributes }) => Object.keys(attributes ?? {})))].sort();
  const bleu = rows.map(({ hypothesis, references }) =>
    hypothesis !== undefined && references ? characterBleu(hypothesis, references) : undefined,
  );
  const words = rows.map(({ hypothesis }) => (hypothesis === undefined ? undefined : splitWords(hypothesis)));
  const f1 = rows.map(({ turns }) => (turns ? personaGptF1(turns) : undefined));
  return (places) => {
    const given = <T>(of: (place: number) => T | undefined): T[] =>
      places.map(of).filter((value) => value !== undefined);
    const meanOf = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values));
    const accuracies = names.map(
      (name) => [`pAcc ${name}`, meanOf(given((place) => rows[place]?.attributes?.[name]))] as const,
    );
    const known = accuracies.flatMap(([, value]) => value ?? []);
    const replies = given((place) => words[place]);
    const entropies = given((place) => rows[place]?.crossEntropy);
    return {
      pAcc: meanOf(known),
      ...Object.fromEntries(accuracies),
      characterBleu: meanOf(given((place) => bleu[place])),
      nliCoherence: meanOf(given((place) => rows[place]?.coherence)),
      distinct: replies.length === 0 ? null : miracleDistinct(replies),
      tokenF1: meanOf(given((place) => f1[place])),
      perplexity: entropies.length === 0 ? null : personaGptPerplexity(entropies),
    };
  };
}
