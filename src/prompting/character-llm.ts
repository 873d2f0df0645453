import { interviewScene } from '../../characters/interview-scene.js';
import { CharacterLlmReader } from './character-llm-reader.js';
import { cleaningRules } from './cleaning-rules.js';
import { headerName, neutralise } from './neutralise.js';
import type { PromptFormat } from './prompt-format.js';
import {
  fittingFacts,
  goalWords,
  mergeSampling,
  ownSide,
  type PromptInput,
  type PromptTurn,
  shortNameOf,
} from './prompt-input.js';
import { personaAndLastMessage, withoutOldest } from './window.js';

/** The meta prompt the checkpoints were trained with; the blank at the end of its first line belongs to it. */
export const metaPrompt = [
  'I want you to act like {character}. I want you to respond and answer like {character}, using the tone, manner and vocabulary {character} would use. You must know all of the knowledge of {character}. ',
  '',
  'The status of you is as follows:',
  'Location: {loc_time}',
  'Status: {status}',
  '',
  'The interactions are as follows:',
].join('\n');

/** Items of the history the checkpoints are shown: the last eight. */
const windowItems = 8;
const endOfTurn = '<|eot|>';
const stop = [endOfTurn];

/**
 * Character-LLM (arXiv 2310.10158), raw completions: the meta prompt, a blank line, turns
 * `{role} (speaking|thinking): {text}<|eot|>\n`, and the open header `{short name} (`. One completion is one turn, which
 * may be a thought: the cleaner tells, and the caller appends it and asks again.
 */
export const characterLlm: PromptFormat = {
  name: 'character-llm',
  endpoint: 'completions',
  stop,
  sampling: { temperature: 0.2, top_p: 0.95, max_tokens: 256 },
  headed: true,
  build: (input, settings) => ({
    endpoint: 'completions',
    body: {
      model: settings.modelName,
      prompt: promptOf(input),
      ...mergeSampling(characterLlm.sampling, settings.sampling),
      stop,
    },
  }),
  dropOldest: (input) => withoutOldest(input, Math.max(1, input.turns.length - windowItems + 1)),
  floor: personaAndLastMessage,
  cleaner: (input) => new CharacterLlmReader(cleaningRules(input, stop, [interlocutorOf(input)])),
};

function promptOf(input: PromptInput): string {
  // A completion is one turn, and a speaker may have two in a row.
  const begun: PromptTurn[] = input.begun ? [{ speaker: ownSide(input), text: input.begun }] : [];
  const history = [...input.turns, ...begun]
    .slice(-windowItems)
    .filter((turn) => turn.speaker === ownSide(input) || turn.action !== 'thinking')
    .map((turn) => `${roleOf(turn, input)} (${turn.action ?? 'speaking'}): ${contentOf(turn)}${endOfTurn}\n`);
  const bare = careOf(input)
    .map((told) => `${told}\n\n`)
    .join('');
  const meta = input.compact === 'bare' ? bare : `${metaOf(input)}\n\n`;
  return `${meta}${history.join('')}${ownName(input)} (`;
}

function metaOf(input: PromptInput): string {
  const { character, goal } = input;
  const short = ownName(input);
  const scene = character.scene ?? interviewScene;
  const status = neutralise(scene.status).replaceAll('{Short}', short);
  // The checkpoints know neither action codes nor notes; goal and care become part of the scene.
  const told = fittingFacts(input).map((text) => `"${headless(neutralise(text))}"`);
  const more = [
    ...(told.length > 0 ? [`${short} was told by the person: ${told.join(' ')}`] : []),
    ...(goal ? [`${short} wants to ${headless(neutralise(goalWords(goal)))}.`] : []),
    ...careOf(input),
  ];
  const values: Readonly<Record<string, string>> = {
    character: neutralise(character.name),
    loc_time: neutralise(scene.location),
    status: [status, ...more].join(' '),
  };
  return metaPrompt.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** In the third person, as the scene is told. */
function careOf(input: PromptInput): string[] {
  const short = ownName(input);
  const gentle = `Helplines were just shown to somebody who may be in danger; ${short} is gentle and serious, stays close, does not joke, and points to people who can help.`;
  const decent = `Somebody under 18 may read this; ${short} does not flirt, says nothing romantic or sexual, keeps no secrets, and never pleads that anybody stay.`;
  return [...(input.care ? [gentle] : []), ...(input.minor ? [decent] : [])];
}

function roleOf(turn: PromptTurn, input: PromptInput): string {
  const short = ownName(input);
  if (turn.speaker === ownSide(input)) return short;
  const interlocutor = interlocutorOf(input);
  const name = headerName((input.shared ? turn.name : undefined) ?? input.seeker.name, interlocutor);
  return name.toLowerCase() === short.toLowerCase() ? interlocutor : name;
}

function interlocutorOf(input: PromptInput): string {
  return headerName(input.character.scene?.interlocutor, interviewScene.interlocutor);
}

function contentOf(turn: PromptTurn): string {
  return headless(neutralise(turn.text.replaceAll('<|NONSTOP|>', '')));
}

/** Text in which nothing reads as the header of a turn. */
function headless(text: string): string {
  return text.replace(/\((speaking|thinking)\)(?=\s{0,3}:)/gi, '[$1]');
}

function ownName(input: PromptInput): string {
  return headerName(shortNameOf(input.character), 'Character');
}
