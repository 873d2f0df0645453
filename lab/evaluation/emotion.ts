import { z } from 'zod';
import type { EmotionClassifier } from '../../src/emotion/emotion-classifier.js';
import { lineOf } from './dialogue.js';
import { accuracy, confusionMatrix, expectedCalibrationError, macroF1, mean, weightedF1 } from './metrics.js';
import { invalidRows, type Row, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, spread } from './task.js';

/** A dialogue with the emotion it is about, or one text with its emotion. */
const rowSchema = z.looseObject({
  emotion: z.string().min(1),
  split: z.string().nullish(),
  text: z.string().nullish(),
  situation: z.string().nullish(),
  turns: z.array(z.looseObject({ speaker: z.string(), text: z.string() })).nullish(),
});

export interface EmotionOptions {
  readonly classifier: EmotionClassifier;
  /** What the classifier can answer. */
  readonly labels: readonly string[];
}

/**
 * Does the classifier name the emotion a text was written for? Of a dialogue, the situation and the seeker's first line are
 * a case each. `ece` is the expected calibration error of the likeliest label.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID
 */
export async function evaluateEmotion(
  scope: EvaluationScope,
  { classifier, labels }: EmotionOptions,
): Promise<Evaluation> {
  const rows = await readRows(scope.file, rowSchema);
  const kept = rows.filter(({ value }) => scope.split === undefined || value.split === scope.split);
  const unknown = kept.filter(({ value }) => !labels.includes(value.emotion.toLowerCase()));
  if (unknown.length > 0)
    throw invalidRows(
      unknown.map(
        ({ place, value }) => `${place}: emotion "${value.emotion}" is not one of: ${labels.join(', ')}`,
      ),
    );
  const cases = kept.flatMap(casesOf);
  if (cases.length === 0) throw invalidRows([`${scope.file}: there is no text with an emotion in it`]);
  const judged = await judgeEach(spread(cases, scope.limit), scope, async ({ line, text, expected }) => {
    const reading = await classifier.classify(text);
    return {
      line,
      expected,
      predicted: reading?.label ?? '',
      confidence: reading?.probability ?? 0,
      top3: reading?.ranked.some(({ label }) => label === expected) ?? false,
    };
  });
  const matrix = confusionMatrix(judged, labels);
  return {
    n: judged.length,
    metrics: {
      accuracy: accuracy(matrix),
      macroF1: macroF1(matrix),
      weightedF1: weightedF1(matrix),
      top3: mean(judged.map(({ top3 }) => (top3 ? 1 : 0))),
      ece: expectedCalibrationError(
        judged.map(({ confidence, expected, predicted }) => ({ confidence, right: expected === predicted })),
      ),
    },
    notes: [`classifier: ${classifier.kind}, ${labels.length} emotions`],
    predictions: judged.map(({ line, expected, predicted, confidence }) => ({
      line,
      expected,
      predicted,
      confidence,
    })),
  };
}

interface EmotionCase {
  readonly line: number;
  readonly text: string;
  readonly expected: string;
}

function casesOf({ line, value }: Row<z.infer<typeof rowSchema>>): EmotionCase[] {
  const { emotion, text, situation, turns } = value;
  const first = (turns ?? []).map(lineOf).find((said) => said?.role === 'seeker')?.text;
  return [text, situation, first].flatMap((said) =>
    said?.trim() ? [{ line, text: said, expected: emotion.toLowerCase() }] : [],
  );
}
