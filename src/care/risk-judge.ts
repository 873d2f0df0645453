import { type Grade, grades, type RiskKind, riskKinds } from '../state/risk.js';

export { type Grade, grades, type RiskKind, riskKinds };

/** One line said before the message that is judged. */
export interface ContextTurn {
  readonly by: 'person' | 'character';
  readonly text: string;
}

export interface Judgement {
  readonly grade: Grade;
  /** Null where the grade is `none`. */
  readonly kind: RiskKind | null;
  /** That there is a risk, in [0, 1]. */
  readonly probability: number;
  /** What decided. */
  readonly by: 'rules' | 'reader' | 'second-reader';
}

export interface JudgeOptions {
  /** The turns before, oldest first; the last few are read. */
  readonly context?: readonly ContextTurn[];
  readonly signal?: AbortSignal;
  /** How long the readers may take together, ms; after it the rules decide alone. */
  readonly timeLimit?: number;
  /** Whether the configured chat model may read these words: asked only where they would be sent to it. It may where nothing is given. */
  readonly mayAskModel?: () => Promise<boolean>;
}

/** Says whether somebody is in danger by what they write. Never rejects and never depends on a model alone. */
export interface RiskJudge {
  judge(message: string, options?: JudgeOptions): Promise<Judgement>;
}

/** What a trained reader finds: probabilities that sum to 1 each. */
export interface Reading {
  /** By {@link grades}. */
  readonly grades: readonly number[];
  /** `none` first, then by {@link riskKinds}. */
  readonly kinds: readonly number[];
}

/** A trained model that reads a message with the turns before it, in any language it knows. Rejects where it cannot. */
export interface RiskReader {
  read(message: string, context: readonly ContextTurn[], signal?: AbortSignal): Promise<Reading>;
}

export const harmless: Judgement = { grade: 'none', kind: null, probability: 0, by: 'rules' };

/** The graver of two; where they are equal, the likelier. */
export function graver(a: Judgement, b: Judgement): Judgement {
  const difference = grades.indexOf(b.grade) - grades.indexOf(a.grade);
  return difference > 0 || (difference === 0 && b.probability > a.probability) ? b : a;
}

/** Whether it calls for an answer of the platform's own. Distress only sets the tone. */
export function isDanger({ grade }: Pick<Judgement, 'grade'>): boolean {
  return grades.indexOf(grade) >= grades.indexOf('ideation');
}
