import type { Steps } from '../steps.js';
import { exportText, paragraphs, sceneList } from './rows.js';
import { experiences, protective, scenes } from './stages.js';

export const characterLlm: Steps = {
  paragraphs: { rows: paragraphs },
  scenes: { stage: scenes },
  'scene-list': { rows: sceneList },
  experiences: { stage: experiences },
  protective: { stage: protective },
  export: { rows: exportText },
};
