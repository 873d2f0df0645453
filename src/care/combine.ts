import { grades, type Judgement, type Reading, riskKinds } from './risk-judge.js';
import { judgeByRules, type RulesReading } from './rules/read-rules.js';

/** How far an idiom, a denial, a game or a tale takes a trained reader down, in log-odds. */
const loweredBy = 1;

/** How far an explicit statement takes it up: a reader that is sure of the contrary outweighs one. */
const raisedBy = 4;

/**
 * One judgement from all layers. An explicit statement is a risk unless the reader is sure that it is none; a harmless
 * sign only lowers what the reader says; else the reader decides, and without one the rules.
 * @param threshold from what probability on it counts as a risk, in (0, 1).
 */
export function combine(rules: RulesReading, reading: Reading | null, threshold: number): Judgement {
  const byRules = judgeByRules(rules);
  if (!reading) return byRules.probability >= threshold ? byRules : none(byRules.probability, 'rules');
  const [harmless = 1, ...risks] = reading.grades;
  const certain = rules.statement !== null && !rules.lowered && byRules.grade !== 'distress';
  const shift = certain ? raisedBy : rules.lowered ? -loweredBy : 0;
  const probability = fromOdds(odds(1 - harmless) + shift);
  if (probability < threshold) return none(probability, 'reader');
  const read = grades[1 + best(risks)] ?? 'ideation';
  if (certain)
    return {
      ...byRules,
      grade:
        grades.indexOf(read) > grades.indexOf(byRules.grade) && 1 - harmless >= threshold
          ? read
          : byRules.grade,
      probability,
    };
  return {
    grade: read,
    kind: riskKinds[best(reading.kinds.slice(1))] ?? 'suicide',
    probability,
    by: 'reader',
  };
}

function none(probability: number, by: Judgement['by']): Judgement {
  return { grade: 'none', kind: null, probability, by };
}

function best(values: readonly number[]): number {
  return values.reduce((found, value, index) => (value > (values[found] ?? -1) ? index : found), 0);
}

export function odds(probability: number): number {
  const kept = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return Math.log(kept / (1 - kept));
}

export function fromOdds(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
