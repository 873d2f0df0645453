import { recentLines } from './memory.js';
import type { Stage } from './stage.js';

/** Which support strategy fits the reply. */
export const strategy: Stage<'strategy'> = {
  name: 'strategy',
  phase: 'plan',
  run: async (draft, { planner, config }) => {
    const history = recentLines(draft.input, 2 * config.turn.historyTurns);
    const planned = await planner.infer(history, draft.of('match').opened.recentStrategies);
    const { by = planner.kind, ...plan } = planned;
    return [planned, { kind: by, ...plan }];
  },
};
