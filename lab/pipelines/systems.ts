import { characterLlm } from './character-llm/steps.js';
import { characterchat } from './characterchat/steps.js';
import { magic } from './magic/steps.js';
import { miracle } from './miracle/steps.js';
import { personagpt } from './personagpt/steps.js';
import type { Steps } from './steps.js';

/** The pipelines by the name of their system, each with its steps in order. */
export const pipelines: Readonly<Record<string, Steps>> = {
  characterchat,
  'character-llm': characterLlm,
  magic,
  miracle,
  personagpt,
};
