import type { Character } from '../../characters/schema.js';
import type { TokenEncoder } from './chat-model.js';
import { cleaningRules } from './cleaning-rules.js';
import { neutralise } from './neutralise.js';
import type { PromptFormat, RequestSettings } from './prompt-format.js';
import {
  characterMemory,
  mergeSampling,
  ownSide,
  type PromptInput,
  type PromptTurn,
  spokenTurns,
  statementOf,
} from './prompt-input.js';
import { lineOf } from './shared-lines.js';
import { TextCleaner } from './stream-cleaner.js';
import { personaAndLastMessage, withoutOldest } from './window.js';

/** Ids of the control tokens of af1tang/personaGPT. `<|endoftext|>` is bos, eos and pad. */
export const personaGptTokens = {
  '<|endoftext|>': 50256,
  '<|sep|>': 50257,
  '<|cls|>': 50258,
  '<|start|>': 50259,
  '<|p1|>': 50260,
  '<|p2|>': 50261,
  '<|act|>': 50262,
} as const;

type ControlToken = keyof typeof personaGptTokens;
/** A prompt before it becomes text or ids. */
type Piece = { readonly token: ControlToken } | { readonly text: string };

const eos: Piece = { token: '<|endoftext|>' };
const stop = ['<|endoftext|>'];

/**
 * PersonaGPT (arXiv 2110.12949), raw completions over token ids; without an encoder the control tokens are written
 * out, which servers tokenise as special tokens.
 * - reply: `<|p2|>{fact}<|endoftext|>…<|sep|><|start|>` and each utterance followed by `<|endoftext|>`
 * - with a goal, spoken by person 1 without a persona: `<|act|>{goal}<|sep|><|p1|><|sep|><|start|>…` (convogym's form
 *   B; the variant `act-form-a` leaves out the first `<|sep|>`, as the model card does)
 */
export const personagpt: PromptFormat = {
  name: 'personagpt',
  endpoint: 'completions',
  stop,
  sampling: { temperature: 1, top_k: 10, top_p: 0.92, max_tokens: 100 },
  build: (input, settings) => ({
    endpoint: 'completions',
    body: {
      model: settings.modelName,
      prompt: settings.encoder
        ? idsOf(piecesOf(input, settings), settings.encoder)
        : textOf(piecesOf(input, settings)),
      ...mergeSampling(personagpt.sampling, settings.sampling),
      stop,
    },
  }),
  dropOldest: (input) => withoutOldest(input, oldestPair(input)),
  floor: personaAndLastMessage,
  cleaner: (input) => new TextCleaner(cleaningRules(input, Object.keys(personaGptTokens))),
};

function piecesOf(input: PromptInput, { variant }: RequestSettings): Piece[] {
  const head = input.goal ? actionHead(input.goal, variant === 'act-form-a') : personaHead(input);
  const history = utterancesOf(input).flatMap((text): Piece[] => [{ text }, eos]);
  const begun: Piece[] = input.begun ? [{ text: neutralise(input.begun) }] : [];
  return [...head, { token: '<|sep|>' }, { token: '<|start|>' }, ...history, ...begun];
}

function actionHead(goal: string, formA: boolean): Piece[] {
  const sep: Piece[] = formA ? [] : [{ token: '<|sep|>' }];
  return [{ token: '<|act|>' }, { text: asFact(neutralise(goal)) }, ...sep, { token: '<|p1|>' }];
}

function personaHead(input: PromptInput): Piece[] {
  const known = personaFacts(input.character, statementOf(input), characterMemory(input)?.text);
  const asked = [...(input.care ? [careFact] : []), ...(input.minor ? [minorFact] : [])];
  const facts = asked.length > 0 ? [...known.slice(0, maxFacts - asked.length), ...asked] : known;
  const person: ControlToken = ownSide(input) === 'seeker' ? '<|p1|>' : '<|p2|>';
  return [{ token: person }, ...facts.flatMap((fact): Piece[] => [{ text: neutralise(fact) }, eos])];
}

/**
 * One utterance a speaker in turn, since a speaker is known only by the parity of the index: lines that one side wrote
 * in a row become one. Person 2 answers a history that person 1 opened, so an opening line of its own is left out.
 */
function utterancesOf(input: PromptInput): string[] {
  const runs: { speaker: PromptTurn['speaker']; text: string }[] = [];
  for (const turn of spokenTurns(input)) {
    const last = runs.at(-1);
    const text = lineOf(turn, input);
    if (last?.speaker === turn.speaker) last.text = `${last.text} ${text}`;
    else runs.push({ speaker: turn.speaker, text });
  }
  const opens = ownSide(input) === 'supporter' && !input.goal && runs[0]?.speaker === 'supporter';
  return runs.slice(opens ? 1 : 0).map(({ text }) => text);
}

/** How many turns the two oldest utterances are made of. */
function oldestPair(input: PromptInput): number {
  let runs = 0;
  const end = input.turns.findIndex((turn, index) => {
    if (turn.speaker !== input.turns[index - 1]?.speaker) runs += 1;
    return runs > 2;
  });
  return end < 0 ? input.turns.length : end;
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => ('token' in piece ? piece.token : piece.text)).join('');
}

function idsOf(pieces: readonly Piece[], encoder: TokenEncoder): number[] {
  return pieces.flatMap((piece) =>
    'token' in piece ? [personaGptTokens[piece.token]] : encoder.encode(piece.text),
  );
}

/** PersonaGPT's checkpoints saw three to five facts. */
const maxFacts = 5;
const factUnits = 160;
/** What is kept from minors, as a fact. */
const minorFact =
  'somebody under 18 may read this, so i do not flirt, i say nothing romantic or sexual, and i keep no secrets.';
/** What care asks for, as a fact. */
const careFact =
  'helplines were just shown, so i am gentle and serious, i stay close, and i point to people who can help.';

/**
 * The persona as PersonaGPT's facts: lower-case sentences in the first person that end with a full stop. Taken from the
 * character's `facts` where it has them, else from the sentences of its statement; the memory of this turn fills a
 * free place.
 */
export function personaFacts(character: Character, statement: string, memory: string | undefined): string[] {
  const given: unknown = character.facts;
  const own = Array.isArray(given)
    ? given.filter((fact) => typeof fact === 'string' && fact.trim() !== '')
    : [];
  const facts = own.length > 0 ? own.map(String) : sentencesOf(statement).map(inFirstPerson);
  const fitting = facts.filter((fact) => fact.length <= factUnits);
  const chosen = (fitting.length > 0 ? fitting : facts).slice(0, maxFacts);
  const recalled = memory ? sentencesOf(memory)[0] : undefined;
  if (recalled && chosen.length < maxFacts) chosen.push(inFirstPerson(recalled));
  return chosen.map(asFact);
}

/** One line, lower case, one full stop at the end. */
export function asFact(text: string): string {
  return `${text
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/[\s.!?]+$/, '')}.`;
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence.trim() !== '');
}

const firstPerson: readonly (readonly [RegExp, string])[] = [
  [/\byou are\b/gi, 'I am'],
  [/\byou're\b/gi, "I'm"],
  [/\byou were\b/gi, 'I was'],
  [/\byourself\b/gi, 'myself'],
  [/\byours\b/gi, 'mine'],
  [/\byour\b/gi, 'my'],
  // As an object: after a preposition, or before what cannot follow a subject.
  [/\b(to|for|with|of|at|about|from|by|on|let|makes?|made) you\b/gi, '$1 me'],
  [/\byou(?=\s+(?:to|how|in|at|on|from|about|for|with)\b|\s*(?:[.,;:!?)]|$))/gi, 'me'],
  [/\byou\b/gi, 'I'],
];

function inFirstPerson(text: string): string {
  return firstPerson.reduce((sentence, [pattern, word]) => sentence.replace(pattern, word), text);
}
