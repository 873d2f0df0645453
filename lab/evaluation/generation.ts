import { z } from 'zod';
import { GeneratedCorpus, type GeneratedText } from './generation/corpus.js';
import { bootstrapIntervals, pairedTests } from './generation/resampling.js';
import { invalidRows, type Row, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, spread } from './task.js';

export interface GenerationOptions {
  /** Hypotheses in a file of their own, joined by id; they come before those of the data. */
  readonly predictions?: string | undefined;
  /** Other hypotheses to the same rows, joined by id, to compare with. */
  readonly against?: string | undefined;
  /** Whether confidence intervals are computed. */
  readonly intervals?: boolean | undefined;
  /** Whether each row's figures are given too. */
  readonly perRow?: boolean | undefined;
}

const maxCharacters = 50_000;
const maxTokens = 2_000;
const maxReferences = 64;
const maxRows = 200_000;
/** These fall where a text comes twice. */
const centred = ['distinct1', 'distinct2'];

const textSchema = z.union([
  z
    .string()
    .max(maxCharacters)
    .refine((text) => text.split(/\s+/).length <= maxTokens, `more than ${maxTokens} words`),
  z.array(z.string().max(1_000)).max(maxTokens),
]);
const idSchema = z.union([z.string().max(1_000), z.number()]);
const referencesSchema = z.array(textSchema).min(1).max(maxReferences);

const dataSchema = z.object({
  id: idSchema.optional(),
  hypothesis: textSchema.optional(),
  references: z.union([
    referencesSchema,
    z
      .string()
      .max(maxCharacters)
      .transform((text) => [text]),
  ]),
});
const predictionSchema = z.object({ id: idSchema, hypothesis: textSchema });

type DataRow = Row<z.infer<typeof dataSchema>>;
type Hypotheses = ReadonlyMap<string, GeneratedText['hypothesis']>;

/**
 * How near generated texts come to texts people wrote in the same place: BLEU, ROUGE-L, CIDEr-D, METEOR and others, equal to the official
 * programs'.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID, RAPPORT_E_WORDNET_MISSING
 */
export async function evaluateGeneration(
  scope: EvaluationScope,
  { predictions, against, intervals, perRow }: GenerationOptions = {},
): Promise<Evaluation> {
  const all = await readRows(scope.file, dataSchema);
  if (all.length > maxRows)
    throw invalidRows([`${scope.file}: more than ${maxRows} rows; use --limit on a part of it`]);
  const rows = spread(all, scope.limit);
  const ids = new Set(all.map(({ value }) => String(value.id)));
  const notes: string[] = [];
  const first = predictions === undefined ? null : await hypothesesOf(predictions, ids, notes);
  const second = against === undefined ? null : await hypothesesOf(against, ids, notes);
  if (first || second) refuseTwice(all);
  const texts = join(rows, first, predictions);
  const others = second ? join(rows, second, against) : [];
  const corpus = new GeneratedCorpus([...texts, ...others], texts.length, scope.onProgress);
  const places = [...texts.keys()];
  return {
    n: texts.length,
    metrics: corpus.metrics(places),
    notes,
    predictions: [],
    ...(intervals
      ? { intervals: bootstrapIntervals(texts.length, (drawn) => corpus.metrics(drawn), { centred }) }
      : {}),
    ...(second ? { paired: pairedTests(texts.length, (drawn) => corpus.metrics(drawn), { centred }) } : {}),
    ...(perRow
      ? { rows: places.map((place) => ({ id: rows[place]?.value.id ?? null, ...corpus.metrics([place]) })) }
      : {}),
  };
}

async function hypothesesOf(file: string, wanted: ReadonlySet<string>, notes: string[]): Promise<Hypotheses> {
  const found = new Map<string, GeneratedText['hypothesis']>();
  const problems: string[] = [];
  let unknown = 0;
  for (const { value, place } of await readRows(file, predictionSchema)) {
    const id = String(value.id);
    if (found.has(id)) problems.push(`${place}: id ${id} comes twice`);
    if (!wanted.has(id)) unknown += 1;
    found.set(id, value.hypothesis);
  }
  if (problems.length > 0) throw invalidRows(problems);
  if (unknown > 0) notes.push(`${file}: ${unknown} ids are not in the data and were left out`);
  return found;
}

function refuseTwice(rows: readonly DataRow[]): void {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { value, place } of rows) {
    if (value.id === undefined) problems.push(`${place}: id: missing, and hypotheses are joined by it`);
    else if (seen.has(String(value.id))) problems.push(`${place}: id ${value.id} comes twice`);
    seen.add(String(value.id));
  }
  if (problems.length > 0) throw invalidRows(problems);
}

function join(rows: readonly DataRow[], known: Hypotheses | null, file = ''): GeneratedText[] {
  const problems: string[] = [];
  const texts = rows.flatMap(({ value, place }) => {
    const hypothesis = known ? known.get(String(value.id)) : value.hypothesis;
    if (hypothesis === undefined) {
      problems.push(
        known
          ? `${place}: ${file} has no hypothesis for id ${value.id}`
          : `${place}: hypothesis: missing (or give --predictions FILE)`,
      );
      return [];
    }
    return [{ hypothesis, references: value.references }];
  });
  if (problems.length > 0) throw invalidRows(problems);
  return texts;
}
