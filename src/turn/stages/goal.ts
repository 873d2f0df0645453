import { nextGoal } from '../../guidance/steer.js';
import type { Stage } from './stage.js';

/** Where the reply leads (a turn-level goal); called `steer` in traces. */
export const goal: Stage<'steer'> = {
  name: 'steer',
  phase: 'plan',
  run: async (draft) => {
    const next = nextGoal(draft.of('controls').steering);
    return [next, { goal: next.goal, source: next.source, left: next.state.queue.length }];
  },
};
