import type { Character } from '../../characters/schema.js';
import { cutAtSentence } from '../prompting/window.js';

/** Of the window, what a card may fill, and UTF-16 units a token has at least. */
const share = 0.4;
const unitsPerToken = 3;
const partUnits = {
  systemPrompt: 4_000,
  postHistory: 1_500,
  scenario: 6_000,
  personality: 6_000,
  tone: 1_000,
  profile: 6_000,
  examples: 8_000,
};

/** Of what a card may fill, the shares that these have however long the rest is. */
const keptFor = { tone: 1 / 10, profile: 1 / 5, personality: 1 / 5 };

/**
 * A character whose card leaves room for the conversation: its examples go first, then the scenario, then the ends of the other parts.
 * However long those are, something of its manner, its personality and what is known of it stays.
 */
export function fitCard(character: Character, contextTokens: number): Character {
  const { card } = character;
  if (!card) return character;
  let room = Math.max(400, Math.floor(contextTokens * share * unitsPerToken));
  const take = (text: string, most: number): string => {
    const kept = cutAtSentence(text, Math.min(most, room));
    room = Math.max(0, room - kept.length);
    return kept;
  };
  const systemPrompt = take(card.systemPrompt, Math.min(partUnits.systemPrompt, room / 4));
  const postHistory = take(card.postHistory, Math.min(partUnits.postHistory, room / 8));
  const tone = take(character.persona.tone ?? '', Math.min(partUnits.tone, room * keptFor.tone));
  const known = character.profile.reduce((units, fact) => units + fact.length, 0);
  const kept = Math.min(known, Math.floor(room * keptFor.profile));
  const held = kept + Math.min(card.personality.length, Math.floor(room * keptFor.personality));
  const supporterStatement = take(character.supporterStatement, room - held) || `You are ${character.name}.`;
  const personality = take(card.personality, Math.min(partUnits.personality, room - kept));
  const profile = wholeFacts(character.profile, Math.min(partUnits.profile, room), take);
  const scenario = take(card.scenario, partUnits.scenario);
  const examples = take(card.examples, partUnits.examples);
  return {
    ...character,
    supporterStatement,
    persona: { ...character.persona, ...(character.persona.tone !== undefined && { tone }) },
    profile,
    card: { ...card, systemPrompt, postHistory, personality, scenario, examples },
  };
}

/** The first facts that have room, the last of them up to the end of a sentence. */
function wholeFacts(
  facts: readonly string[],
  most: number,
  take: (text: string, most: number) => string,
): string[] {
  const taken: string[] = [];
  let left = most;
  for (const fact of facts) {
    const kept = take(fact, left);
    if (kept !== '') taken.push(kept);
    left -= kept.length;
    if (kept !== fact || left <= 0) break;
  }
  return taken;
}
