import { LexicalIndex } from '../text/lexical-index.js';
import { inThirdPerson } from '../text/third-person.js';
import { cleaningRules } from './cleaning-rules.js';
import { headerName, neutralise } from './neutralise.js';
import type { PromptFormat } from './prompt-format.js';
import {
  careNote,
  characterMemory,
  goalWords,
  lastMessageIndex,
  mergeSampling,
  minorNote,
  ownSide,
  type PromptInput,
  personalMemories,
  spokenTurns,
  statementOf,
  toldText,
} from './prompt-input.js';
import { lineOf } from './shared-lines.js';
import { TextCleaner } from './stream-cleaner.js';
import { personaAndLastMessage, withoutOldest } from './window.js';

const start = '<|im_start|>';
const end = '<|im_end|>';
const stop = [end, start, '<|endoftext|>'];
/** Facts about the person in the prompt, and sentences of what is on their mind. */
const maxFacts = 12;
const worrySentences = 3;

/** The style words of the values of `config/attributes.yaml`, as the model was taught them; other words are passed on. */
const styleWords: Readonly<Record<string, string>> = {
  'use plain, everyday words': 'plain',
  'use vivid, lyrical language': 'lyrical',
  'be sober about how hard things are': 'sober',
  'be hopeful and look for what is possible': 'hopeful',
  'speak from feeling': 'from the heart',
  'think things through critically': 'thinking it through',
};

/**
 * The voice in the process: ChatML. The first block (who speaks, what is known of the person) stays the same while a
 * conversation goes on, so that its cache serves every turn; what holds for one reply stands right before it.
 * `lab/training/voice/prompt.py` writes the same for training.
 */
export const voice: PromptFormat = {
  name: 'voice',
  endpoint: 'completions',
  stop,
  sampling: { temperature: 0.7, top_p: 0.9, max_tokens: 110 },
  build: (input, settings) => ({
    endpoint: 'completions',
    body: {
      model: settings.modelName,
      prompt: `${head(input)}${history(input)}${notes(input)}${start}assistant\n${neutralise(input.begun ?? '')}`,
      ...mergeSampling(voice.sampling, settings.sampling),
      stop,
    },
  }),
  dropOldest: (input) => withoutOldest(input),
  floor: personaAndLastMessage,
  cleaner: (input) => new TextCleaner(cleaningRules(input, stop, ['User', 'Human', 'user', 'assistant'])),
};

function block(role: 'system' | 'user' | 'assistant', text: string): string {
  return `${start}${role}\n${text}${end}\n`;
}

function head(input: PromptInput): string {
  const statement = oneLine(statementOf(input));
  if (input.shared) return block('system', statement);
  const name = headerName(input.seeker.name, '');
  const facts = factsOf(input, name || 'The person');
  const about =
    facts.length > 0
      ? `\nAbout ${name || 'the person'}: ${facts.join(' ')}`
      : name
        ? `\nThe person is called ${name}.`
        : '';
  return block('system', `${statement}${about}`);
}

/** What the person said of themselves and asked to be remembered, told of them, each a sentence. */
function factsOf(input: PromptInput, name: string): string[] {
  const worry = sentences(input.seeker.statement ?? '')
    .slice(0, worrySentences)
    .join(' ');
  const told = [...input.seeker.facts, ...personalMemories(input).map(toldText)];
  return [...new Set([worry, ...told].map(oneLine))]
    .filter(Boolean)
    .slice(0, maxFacts)
    .map((fact) => {
      const third = inThirdPerson(fact, name);
      return /[.!?…]$/.test(third) ? third : `${third}.`;
    });
}

/** The turns; neighbours of one side are one block. */
function history(input: PromptInput): string {
  const own = ownSide(input);
  const blocks: { role: 'user' | 'assistant'; text: string }[] = [];
  for (const turn of spokenTurns(input)) {
    const role = turn.speaker === own ? 'assistant' : 'user';
    const text = lineOf(turn, input).trim();
    const last = blocks.at(-1);
    if (last?.role === role) last.text += `\n${text}`;
    else blocks.push({ role, text });
  }
  return blocks.map(({ role, text }) => block(role, text)).join('');
}

function notes(input: PromptInput): string {
  const lines: string[] = [];
  if (input.care) lines.push(`Care: ${careNote}`);
  if (input.minor) lines.push(`Care: ${minorNote}`);
  if (input.strategy) lines.push(`Strategy: ${oneLine(input.strategy.label)}`);
  const memory = characterMemory(input);
  if (memory) lines.push(`Memory: ${closestSentence(oneLine(memory.text), lastText(input))}`);
  if (input.goal) lines.push(`Lead: ${oneLine(goalWords(input.goal))}`);
  const style = Object.values(input.attributes ?? {})
    .map((words) => oneLine(styleWords[words] ?? words))
    .filter(Boolean);
  if (style.length > 0) lines.push(`Style: ${style.join(', ')}`);
  return lines.length > 0 ? block('system', lines.join('\n')) : '';
}

function lastText(input: PromptInput): string {
  return input.turns[lastMessageIndex(input)]?.text ?? '';
}

/** The sentence of a text that shares the most telling words with a message; the first when none shares any. */
function closestSentence(text: string, message: string): string {
  const all = sentences(text);
  const scores = new LexicalIndex(all).scores(message);
  return all[scores.indexOf(Math.max(...scores))] ?? text;
}

function sentences(text: string): string[] {
  return text.match(/\S.*?(?:[.!?](?=\s|$)|$)/gs) ?? [];
}

function oneLine(text: string): string {
  return neutralise(text).replace(/\s+/g, ' ').trim();
}
