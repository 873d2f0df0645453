import { characterLlm } from './character-llm.js';
import { characterchat } from './characterchat.js';
import { chat } from './chat.js';
import type { PromptFormatName } from './chat-model.js';
import { personagpt } from './personagpt.js';
import type { PromptFormat } from './prompt-format.js';
import { voice } from './voice.js';

/** Every prompt format by its name in the configuration. */
export const promptFormats: Readonly<Record<PromptFormatName, PromptFormat>> = {
  characterchat,
  'character-llm': characterLlm,
  personagpt,
  chat,
  voice,
};

export const promptFormatNames = Object.keys(promptFormats) as PromptFormatName[];

/** The format of that name. */
export function promptFormat(name: PromptFormatName): PromptFormat {
  return promptFormats[name];
}
