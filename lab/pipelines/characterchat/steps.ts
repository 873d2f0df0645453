import type { Steps } from '../steps.js';
import { dialogues } from './dialogues.js';
import { evaluate } from './evaluate.js';
import { exportSet, pairs } from './export.js';
import { profiles } from './profiles.js';
import { transform } from './transform.js';

export const characterchat: Steps = {
  profiles: { stage: profiles },
  transform: { stage: transform },
  pairs: { rows: pairs },
  dialogues: { stage: dialogues },
  evaluate: { stage: evaluate },
  export: { rows: exportSet },
};
