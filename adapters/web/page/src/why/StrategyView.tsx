import { Bar } from '../components/Bar.js';
import { labelOf } from '../state/goals.js';
import { fill, words } from '../state/words.js';
import { type Decision, numberAt, pairsOf, textAt } from './decisions.js';
import { Pairs } from './Pairs.js';
import { ScoredBy } from './ScoredBy.js';

/** The support strategy and the reason for it. */
export function StrategyView({ decision }: { decision: Decision }) {
  const probability = numberAt(decision, 'probability');
  return (
    <>
      <p class="trace-main">{textAt(decision, 'label')}</p>
      <p>{textAt(decision, 'motivation')}</p>
      {probability !== undefined && (
        <p class="trace-share">
          <Bar share={probability} />
          <span>{fill(words().why.probability, { percent: Math.round(probability * 100) })}</span>
        </p>
      )}
      <Pairs pairs={pairsOf(decision, ['label', 'motivation', 'probability', 'kind', 'ranked', 'also'])} />
      <ScoredBy kind={textAt(decision, 'kind')} />
    </>
  );
}

/** Where the person was leading the talk. */
export function GoalView({ decision }: { decision: Decision }) {
  const phrases = words().why;
  const goal = textAt(decision, 'goal');
  const source = textAt(decision, 'source');
  if (goal === undefined) return <p>{source === 'care' ? phrases.careGoal : phrases.goalNone}</p>;
  return (
    <>
      <p class="trace-main">{labelOf(goal)}</p>
      {source !== undefined && <p>{phrases.goalSource[source] ?? source}</p>}
    </>
  );
}
