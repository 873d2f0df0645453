import { nextGoal } from '../../guidance/steer.js';
import type { Stage } from './stage.js';

/** Where the reply leads (a turn-level goal); called `steer` in traces. After an alarm nowhere: what is planned waits. */
export const goal: Stage<'steer'> = {
  name: 'steer',
  phase: 'plan',
  run: async (draft) => {
    const { steering } = draft.of('controls');
    if (draft.of('care').gentle) {
      const waits = { goal: null, source: null, state: steering };
      return [waits, { goal: null, source: 'care', left: steering.queue.length }];
    }
    const next = nextGoal(steering);
    return [next, { goal: next.goal, source: next.source, left: next.state.queue.length }];
  },
};
