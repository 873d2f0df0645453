import { type NextGoal, nextGoal } from '../../guidance/steer.js';
import type { SteeringState } from '../../guidance/steering-state.js';
import { decisionsOf } from '../trace.js';
import type { TurnStart } from '../turn.js';
import type { Stage } from './stage.js';

/** Where the reply leads. After an alarm nowhere: what is planned waits. */
export const goal: Stage<'goal'> = {
  name: 'goal',
  phase: 'plan',
  run: async (draft) => {
    const { steering } = draft.of('controls');
    if (draft.of('care').gentle) {
      const waits = { goal: null, source: null, state: steering };
      return [waits, { goal: null, source: 'care', left: steering.queue.length }];
    }
    const next = goalAgain(draft.start, steering) ?? nextGoal(steering);
    return [next, { goal: next.goal, source: next.source, left: next.state.queue.length }];
  },
};

/**
 * The one-shot goal of the reply that is answered anew: it leads there again, and what was planned behind it stays in line.
 * Null where the reply had none, or where something was planned since, which is meant for the new one.
 */
function goalAgain({ replaced }: TurnStart, state: SteeringState): NextGoal | null {
  const trace = replaced.findLast((entry) => entry.trace)?.trace;
  const before = trace && decisionsOf(trace).goal;
  if (!before?.goal || before.source !== 'queue' || state.queue.length > before.left) return null;
  return { goal: before.goal, source: 'queue', state };
}
