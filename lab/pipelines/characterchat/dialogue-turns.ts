import { Unreadable } from '../engine/stage.js';
import { additional, base, type CharacterRecord, type Role, worry } from './records.js';

/** Aspects looked back on, and how often one may stand among them (CharacterChat). */
const window = 5;
const mostAmong = 3;

/** Memories a side may choose from: those with a text, without who they are; the supporter's worry is never told. */
export function candidatesOf(
  { profile_trans: memories }: CharacterRecord,
  role: Role,
  chosen: readonly string[],
): string[] {
  const recent = chosen.slice(-window);
  return Object.keys(memories).filter(
    (key) =>
      memories[key] !== '' &&
      key !== additional &&
      !base.some((other) => other === key) &&
      !(role === 'supporter' && key === worry) &&
      recent.filter((other) => other === key).length < mostAmong,
  );
}

/** The aspect that an answer names, as a word of its own; null where it names none. */
export function aspectIn(answer: string, candidates: readonly string[]): string | null {
  const plain = ` ${answer.toLowerCase().replace(/[^a-z]+/g, ' ')} `;
  const named = candidates
    .map((key) => ({ key, at: plain.indexOf(` ${key.replaceAll('_', ' ')} `) }))
    .filter(({ at }) => at >= 0);
  return named.sort((a, b) => a.at - b.at)[0]?.key ?? null;
}

/** A mood from 0 to 5: the first whole number of the answer outside parentheses; null for any other. */
export function moodIn(answer: string): number | null {
  const number = /\d+/.exec(answer.replace(/\([^)]*\)/g, ''))?.[0];
  return number !== undefined && Number(number) <= 5 ? Number(number) : null;
}

/** Whether the talk has done its work: five moods, and the last two are good. */
export function isBetter(moods: readonly number[]): boolean {
  return moods.length >= 5 && moods.slice(-2).every((mood) => mood >= 4);
}

/**
 * A reply as it goes into the dialogue: one line, without the speaker's label in front. Nothing else is cut: a time such as 10:30,
 * short clauses and thanks stay. One that gives the game away, runs on or repeats the other is refused.
 */
export function replyIn(answer: string, names: readonly string[], other: string): string | Unreadable {
  const line = answer.replace(/\s+/g, ' ').trim();
  const colon = /^([^:：]{1,40})[:：]\s*/.exec(line);
  const label = colon?.[1]?.toLowerCase().trim();
  const labels = ['seeker', 'supporter', 'you', 'me', ...names.map((name) => name.toLowerCase())];
  const text = colon && label !== undefined && labels.includes(label) ? line.slice(colon[0].length) : line;
  const bare = text.replace(/^"(.*)"$/, '$1').trim();
  if (bare === '') return new Unreadable('there is no message in it');
  if (/\bA\.?I\b|language model|role-?play/.test(bare))
    return new Unreadable('it speaks of machines or of playing a part');
  if (bare.split(' ').length > 120) return new Unreadable('it is too long: one or two short sentences');
  if (bare.toLowerCase() === other.toLowerCase() && bare.split(' ').length > 3)
    return new Unreadable("it repeats the other's message");
  return bare;
}
