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

/** A character whose card leaves room for the conversation: its examples go first, then scenario and personality, then its end. */
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
  const supporterStatement = take(character.supporterStatement, room) || `You are ${character.name}.`;
  const personality = take(card.personality, partUnits.personality);
  const tone = take(character.persona.tone ?? '', partUnits.tone);
  const profile = take(character.profile.join('\n'), partUnits.profile);
  const scenario = take(card.scenario, partUnits.scenario);
  const examples = take(card.examples, partUnits.examples);
  return {
    ...character,
    supporterStatement,
    persona: { ...character.persona, ...(character.persona.tone !== undefined && { tone }) },
    profile: profile === '' ? [] : profile.split('\n'),
    card: { ...card, systemPrompt, postHistory, personality, scenario, examples },
  };
}
