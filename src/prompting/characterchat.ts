import { cleaningRules } from './cleaning-rules.js';
import { neutralise, neutraliseInBrackets } from './neutralise.js';
import type { PromptFormat, RequestSettings } from './prompt-format.js';
import {
  careNote,
  characterMemory,
  fittingFacts,
  goalWords,
  mergeSampling,
  minorNote,
  ownSide,
  type PromptInput,
  type Speaker,
  spokenTurns,
  statementOf,
} from './prompt-input.js';
import { lineOf } from './shared-lines.js';
import { TextCleaner } from './stream-cleaner.js';
import { personaAndLastMessage, withoutOldest } from './window.js';

const tags: Readonly<Record<Speaker, string>> = { seeker: '<SEEKER>', supporter: '<SUPPORTER>' };
const stop = ['<SEEKER>', '<SUPPORTER>', '<SYSTEM>', '[INFO-', '</s>'];

/**
 * CharacterChat (arXiv 2308.10278), raw completions:
 * `<SYSTEM>{statement}(<SEEKER>{text}|<SUPPORTER>{text})*<SUPPORTER>[INFO-{memory}]`, nothing between the pieces.
 * The seeker's side (self-play) ends in `<SEEKER>[INFO-{memory}]`.
 */
export const characterchat: PromptFormat = {
  name: 'characterchat',
  endpoint: 'completions',
  stop,
  // The checkpoints decode with Llama-2-7b-hf's own generation settings.
  sampling: { temperature: 0.6, top_p: 0.9, max_tokens: 256 },
  build: (input, settings) => ({
    endpoint: 'completions',
    body: {
      model: settings.modelName,
      prompt: promptOf(input, settings),
      ...mergeSampling(characterchat.sampling, settings.sampling),
      stop,
    },
  }),
  dropOldest: (input) => withoutOldest(input),
  floor: personaAndLastMessage,
  cleaner: (input) => new TextCleaner(cleaningRules(input, stop)),
};

function promptOf(input: PromptInput, settings: RequestSettings): string {
  const history = spokenTurns(input).map((turn) => `${tags[turn.speaker]}${lineOf(turn, input)}`);
  return `<SYSTEM>${systemOf(input)}${history.join('')}${tags[ownSide(input)]}[INFO-${infoOf(input, settings)}]${neutralise(input.begun ?? '')}`;
}

/** The statement, and what the person told that bears on their message: theirs, never the character's own memory. */
function systemOf(input: PromptInput): string {
  const facts = fittingFacts(input).map((text) => `"${neutralise(text)}"`);
  const told = facts.length > 0 ? [`The person you talk to has told you: ${facts.join(' ')}`] : [];
  return [neutralise(statementOf(input)), ...told].join(' ');
}

/** The memory, what care asks for, then what we taught our own checkpoint: the goal (whenever there is one) and the strategy. */
function infoOf(input: PromptInput, { controlTags }: RequestSettings): string {
  const memory = characterMemory(input);
  const parts = memory ? [neutralise(memory.text)] : [];
  if (input.care) parts.push(`Care: ${careNote}`);
  if (input.minor) parts.push(`Care: ${minorNote}`);
  if (input.goal) parts.push(`Goal: ${neutraliseInBrackets(goalWords(input.goal))}.`);
  if (controlTags && input.strategy)
    parts.push(`Strategy: ${neutraliseInBrackets(goalWords(input.strategy.label))}.`);
  return parts.filter(Boolean).join(' ');
}
