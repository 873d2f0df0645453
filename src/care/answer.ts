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
}

/** The answer of the platform itself: what was heard, who helps, that this is an AI, and a question that keeps contact. */
export function composeAnswer(words: CareWords, { judgement, help, own, before }: AnswerNeeds): string {
  const kind = judgement.kind ?? 'suicide';
  const heard =
    before === 0
      ? [pick(words.opening, 0), pick(words.heard[kind], 0)]
      : [pick(words.again, before - 1), ...(before % 3 === 0 ? [pick(words.heard[kind], before)] : [])];
  const about = kind === 'medical' || kind === 'other' ? kind : 'person';
  const emergency = urgent(judgement)
    ? [
        help.emergency.length > 0
          ? fill(words.emergency, 'numbers', help.emergency.slice(0, 2).join(' / '))
          : words.emergencyUnknown,
      ]
    : [];
  const lines = [...own, ...help.lines.map((line) => lineOf(line, words))].slice(0, 3);
  return [
    heard.join(' '),
    ...emergency,
    [words.lines, ...lines.map((line) => `• ${line}`)].join('\n'),
    `${words.ai} ${pick(words.question[about], before)}`,
  ].join('\n');
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
