import { Unreadable } from '../engine/stage.js';

/** MAGIC's eight strategies; ESConv's suggestions and information are one. */
export const strategies = [
  'Question',
  'Restatement or Paraphrasing',
  'Reflection of Feelings',
  'Self-disclosure',
  'Affirmation and Reassurance',
  'Providing Suggestions or Information',
  'Greeting',
  'Others',
] as const;
export type Strategy = (typeof strategies)[number];

const otherNames: Readonly<Record<string, Strategy>> = {
  questions: 'Question',
  'providing suggestions': 'Providing Suggestions or Information',
  information: 'Providing Suggestions or Information',
  greetings: 'Greeting',
  other: 'Others',
};

/** A strategy by any of its spellings, with or without brackets; null for anything else. */
export function strategyOf(name: string): Strategy | null {
  const plain = name
    .replace(/[[\]*]/g, '')
    .trim()
    .toLowerCase();
  return strategies.find((strategy) => strategy.toLowerCase() === plain) ?? otherNames[plain] ?? null;
}

/**
 * Reads a completion, never the prompt before it: the strategy that stands in brackets, without them, and the sentence in the fixed form.
 */
export function motivationIn(
  completion: string,
): { readonly strategy: Strategy; readonly motivation: string } | Unreadable {
  const named = [...completion.matchAll(/\[([^\]\n]{1,60})\]/g)].flatMap(
    ([, name]) => strategyOf(name ?? '') ?? [],
  );
  if (new Set(named).size !== 1 || !named[0])
    return new Unreadable('exactly one strategy in brackets is wanted');
  const line = completion.split('\n').find((text) => text.includes('['));
  const motivation = (line ?? '').replace(/^\W*Motivation:\s*/i, '').trim();
  return { strategy: named[0], motivation };
}
