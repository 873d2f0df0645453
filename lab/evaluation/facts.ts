import { z } from 'zod';
import type { FactChooser } from '../../src/memory/fact-chooser.js';
import { invalidRows, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, type Prediction, spread } from './task.js';

const rowSchema = z.looseObject({
  facts: z.array(z.string()).min(1),
  question: z.string().min(1),
  before: z
    .union([z.string(), z.array(z.union([z.string(), z.looseObject({ text: z.string() })]))])
    .nullish(),
  /** The place of the fact that answers; null where none does. */
  answer_fact: z.int().min(0).nullable(),
  lang: z.string().nullish(),
  split: z.string().nullish(),
});

interface Chosen extends Prediction {
  readonly lang: string;
  readonly answer: number | null;
  readonly first: number | undefined;
  readonly sent: readonly number[];
  /** By the place of the fact. */
  readonly scores: readonly (number | null)[];
}

/**
 * Which of the known facts answers? `top1`: the right one stands first; `inPrompt`: it is among those that a prompt with little room
 * is given; `noneRight`: none is given where none fits. `top1 <lang>` for each language of the file.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluateFacts(scope: EvaluationScope, chooser: FactChooser): Promise<Evaluation> {
  const rows = await readRows(scope.file, rowSchema);
  const beyond = rows.filter(({ value }) => (value.answer_fact ?? 0) >= value.facts.length);
  if (beyond.length > 0)
    throw invalidRows(beyond.map(({ place }) => `${place}: answer_fact is beyond the facts`));
  const cases = rows.filter(({ value }) => scope.split === undefined || value.split === scope.split);
  const chosen = await judgeEach(
    spread(cases, scope.limit),
    scope,
    async ({ value, line }): Promise<Chosen> => {
      const asked = { text: value.question, before: lastLine(value.before) };
      const { ranked, fitting } = await chooser.choose(asked, value.facts);
      return {
        line,
        lang: value.lang ?? '',
        answer: value.answer_fact,
        first: ranked[0]?.index,
        sent: fitting.map(({ index }) => index),
        scores: value.facts.map((_, place) => ranked.find(({ index }) => index === place)?.score ?? null),
      };
    },
  );
  const answered = chosen.filter(({ answer }) => answer !== null);
  const top1 = (some: readonly Chosen[]): number | null =>
    share(some, ({ first, answer }) => first === answer);
  const languages = [...new Set(answered.map(({ lang }) => lang))].filter(Boolean).sort();
  return {
    n: chosen.length,
    metrics: {
      top1: top1(answered),
      inPrompt: share(answered, ({ answer, sent }) => answer !== null && sent.includes(answer)),
      noneRight: share(
        chosen.filter(({ answer }) => answer === null),
        ({ sent }) => sent.length === 0,
      ),
      ...Object.fromEntries(
        languages.map((lang) => [`top1 ${lang}`, top1(answered.filter((one) => one.lang === lang))]),
      ),
    },
    notes: [`chosen by ${chooser.kind}; a prompt with much room holds all facts`],
    predictions: chosen.map(({ line, answer, first, sent, scores }) => ({
      line,
      expected: answer,
      predicted: first ?? null,
      sent,
      scores,
    })),
  };
}

function lastLine(before: z.infer<typeof rowSchema>['before']): string | undefined {
  if (typeof before === 'string') return before;
  const last = before?.at(-1);
  return typeof last === 'string' ? last : last?.text;
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number | null {
  return items.length === 0 ? null : items.filter(holds).length / items.length;
}
