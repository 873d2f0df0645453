import type { Character } from '../../characters/schema.js';
import { lastMessageIndex, type PromptInput, statementOf } from './prompt-input.js';

/** The input without its oldest `count` turns, or null when that would take the message to answer. */
export function withoutOldest(input: PromptInput, count = 1): PromptInput | null {
  const last = lastMessageIndex(input);
  const kept = last < 0 ? input.turns.length - 1 : last;
  return count > 0 && count <= kept ? { ...input, turns: input.turns.slice(count) } : null;
}

/**
 * The input without what no window could hold: the middle of longer lines, then the oldest turns, until `maxUnits` UTF-16 units
 * are left. What is counted and searched afterwards is bounded by it; an input within it is given back as it is.
 */
export function withinUnits(
  input: PromptInput,
  maxUnits: number,
  dropOldest: (input: PromptInput) => PromptInput | null,
): PromptInput {
  const unitsOf = ({ turns }: PromptInput): number => turns.reduce((sum, { text }) => sum + text.length, 0);
  if (unitsOf(input) <= maxUnits) return input;
  const turns = input.turns.map((turn) => ({ ...turn, text: cutMiddle(turn.text, maxUnits) }));
  let kept: PromptInput = { ...input, turns };
  while (unitsOf(kept) > maxUnits) {
    const next = dropOldest(kept);
    if (!next) break;
    kept = next;
  }
  return kept;
}

/** Below this many units of text the fixed parts of a format are shortened, and then left out. */
const briefBelow = 1_600;
const bareBelow = 200;

/**
 * What always fits: the persona cut at a sentence and the message to answer with its head and tail, `maxChars` UTF-16
 * units together (two fifths for the persona; what one does not use the other may). Memories, facts and style go; a
 * goal stays while there is room for it, and what care asks for, or a minor, stays always.
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
    ...(input.begun && { begun: wholeEnd(input.begun, briefEnd) }),
    ...(input.care && { care: true }),
    ...(input.minor && { minor: true }),
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
    ...(character.card && {
      card: {
        ...character.card,
        personality: '',
        scenario: '',
        examples: '',
        systemPrompt: '',
        postHistory: '',
      },
    }),
    ...(character.scene && {
      scene: {
        ...character.scene,
        location: cutAtSentence(character.scene.location, Math.max(20, Math.floor(maxChars / 4))),
        status: cutAtSentence(character.scene.status, Math.max(20, Math.floor(maxChars / 2))),
      },
    }),
  };
}

/**
 * The longest run of whole sentences of at most `max` UTF-16 units; where the first sentence is longer, whole words
 * and an ellipsis. Never splits a surrogate pair.
 */
export function cutAtSentence(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max <= 0) return '';
  const head = text.slice(0, max + 1);
  let end = 0;
  for (const match of head.matchAll(/[.!?。！？]["')\]]*(?=\s|$)/gu)) {
    const stop = match.index + match[0].length;
    if (stop <= max) end = stop;
  }
  if (end >= max * 0.3) return text.slice(0, end);
  if (max < 2) return '';
  const words = text.slice(0, max - 1);
  const space = words.lastIndexOf(' ');
  return `${wholeUnits(space > max / 2 ? words.slice(0, space) : words)}…`;
}

/** Keeps the head and the tail of a text, ` … ` between them, at most `max` UTF-16 units. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 12) return wholeUnits(text.slice(0, Math.max(0, max)));
  const room = max - 3;
  const head = Math.ceil(room * 0.6);
  const tail = text.slice(text.length - (room - head));
  return `${wholeUnits(text.slice(0, head))} … ${/^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail}`;
}

/** What of a reply that has begun is kept at least, UTF-16 units. */
const briefEnd = 120;

function wholeEnd(text: string, max: number): string {
  const tail = text.slice(-max);
  return /^[\uDC00-\uDFFF]/.test(tail) ? tail.slice(1) : tail;
}

function wholeUnits(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
