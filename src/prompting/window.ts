import type { Character } from '../../characters/schema.js';
import { lastMessageIndex, type PromptInput, statementOf } from './prompt-input.js';
import { cutAtSentence, cutMiddle } from './text-cut.js';

/** The input without its oldest `count` turns, or null when that would take the message to answer. */
export function withoutOldest(input: PromptInput, count = 1): PromptInput | null {
  const last = lastMessageIndex(input);
  const kept = last < 0 ? input.turns.length - 1 : last;
  return count > 0 && count <= kept ? { ...input, turns: input.turns.slice(count) } : null;
}

/** Below this many units of text the fixed parts of a format are shortened, and then left out. */
const briefBelow = 1_600;
const bareBelow = 200;

/**
 * What always fits: the persona cut at a sentence and the message to answer with its head and tail, `maxChars` UTF-16
 * units together (two fifths for the persona; what one does not use the other may). Memories, facts and style go; a
 * goal stays while there is room for it.
 */
export function personaAndLastMessage(input: PromptInput, maxChars: number): PromptInput {
  const index = lastMessageIndex(input);
  const last = input.turns[index] ?? input.turns.at(-1);
  const share = Math.floor(maxChars * 0.4);
  const persona = Math.max(share, maxChars - (last?.text.length ?? 0));
  const character = shortened(input, persona);
  const used = Math.min(statementOf(input).length, persona);
  const text = last ? cutMiddle(last.text, Math.max(1, maxChars - used)) : '';
  const compact = maxChars < bareBelow ? 'bare' : maxChars < briefBelow ? 'brief' : undefined;
  return {
    character,
    role: input.role,
    seeker: { name: input.seeker.name, facts: [] },
    turns: last ? [{ ...last, text }] : [],
    memories: [],
    goal: compact === 'bare' ? undefined : input.goal,
    shared: input.shared,
    compact,
  };
}

function shortened(input: PromptInput, maxChars: number): Character {
  const { character } = input;
  const statement = cutAtSentence(statementOf(input), maxChars);
  const facts: string[] = [];
  let room = maxChars;
  for (const fact of Array.isArray(character.facts) ? character.facts : []) {
    if (typeof fact !== 'string' || (facts.length > 0 && fact.length > room)) continue;
    facts.push(cutAtSentence(fact, Math.max(8, room)));
    room -= fact.length;
  }
  return {
    ...character,
    name: character.name.slice(0, 80),
    persona: {},
    memory: {},
    profile: [],
    facts,
    supporterStatement: statement,
    seekerStatement: statement,
    ...(character.scene && {
      scene: {
        ...character.scene,
        location: cutAtSentence(character.scene.location, Math.max(20, Math.floor(maxChars / 4))),
        status: cutAtSentence(character.scene.status, Math.max(20, Math.floor(maxChars / 2))),
      },
    }),
  };
}
