import type { CareWords } from '../../config/care-words.js';
import type { Helpline } from '../../config/helplines.js';
import type { Help } from './helplines.js';
import type { Judgement } from './risk-judge.js';

/** What an answer is made for. */
export interface AnswerNeeds {
  readonly judgement: Judgement;
  readonly help: Help;
  /** Contacts the operator names, as they are shown; they come first. */
  readonly own: readonly string[];
  /** How many care answers this conversation has had. */
  readonly before: number;
  /** Whether they are asked which country they are in. */
  readonly asks?: boolean;
  /** There are people of the operator's who can be told. */
  readonly humans?: boolean;
}

/** The answer of the platform itself: what was heard, who helps, that this is an AI, and a question that keeps contact. */
export function composeAnswer(
  words: CareWords,
  { judgement, help, own, before, asks = false, humans = false }: AnswerNeeds,
): string {
  const kind = judgement.kind ?? 'suicide';
  const heard =
    before === 0
      ? [pick(words.opening, 0), pick(words.heard[kind], 0)]
      : [pick(words.again, before - 1), ...(before % 3 === 0 ? [pick(words.heard[kind], before)] : [])];
  const about = kind === 'medical' || kind === 'other' ? kind : 'person';
  return [
    heard.join(' '),
    ...(urgent(judgement) ? [emergencyLine(words, help)] : []),
    linesOf(words, { help, own }),
    ...(asks ? [words.where] : []),
    ...(humans ? [words.human] : []),
    `${words.ai} ${pick(words.question[about], before)}`,
  ].join('\n');
}

/** Who helps, without more words: for somebody who has said where they are. */
export function composeHelp(words: CareWords, needs: Pick<AnswerNeeds, 'help' | 'own'>): string {
  return [linesOf(words, needs), emergencyLine(words, needs.help)].join('\n');
}

/** One sentence for somebody who is low: where somebody listens. */
export function composeOffer(
  words: CareWords,
  { help, own }: Pick<AnswerNeeds, 'help' | 'own'>,
): string | null {
  const [first] = help.lines;
  const line = own[0] ?? (first && lineOf(first, words));
  return line === undefined ? null : fill(words.offer, 'line', line);
}

function emergencyLine(words: CareWords, { emergency }: Help): string {
  return emergency.length > 0
    ? fill(words.emergency, 'numbers', emergency.slice(0, 2).join(' / '))
    : words.emergencyUnknown;
}

function linesOf(words: CareWords, { help, own }: Pick<AnswerNeeds, 'help' | 'own'>): string {
  const lines = [...own, ...help.lines.map((line) => lineOf(line, words))].slice(0, 3);
  return [words.lines, ...lines.map((line) => `• ${line}`)].join('\n');
}

function urgent({ grade, kind }: Judgement): boolean {
  return grade === 'imminent' || grade === 'plan' || kind === 'medical';
}

function lineOf({ name, phone, text, chat, hours }: Helpline, words: CareWords): string {
  const ways = [
    ...(phone ? [fill(words.call, 'number', phone)] : []),
    ...(text && text !== phone ? [fill(words.text, 'number', text)] : []),
    ...(chat ? [chat] : []),
  ];
  return `${name}: ${ways.join(', ')}${hours === '24/7' ? ' (24/7)' : ''}`;
}

function fill(text: string, name: string, value: string): string {
  return text.replace(`{${name}}`, () => value);
}

function pick(wordings: readonly string[], index: number): string {
  return wordings[index % wordings.length] ?? '';
}
