import { type MacroBudget, macroBudget, withMacros } from './macros.js';
import { type Character, displayName } from './schema.js';

/** Who a character is played for. */
export interface PlayedFor {
  /** How the person is called; '' where nobody knows, or where several read. */
  readonly user: string;
  /** The conversation: what is drawn by chance is the same in all of it. */
  readonly seed: string;
}

type Greeter = Pick<Character, 'name' | 'shortName' | 'greeting' | 'card'>;

/** Stands for a person without a name, in texts about them. */
const nobody = 'the person';
/** … and in what is said to them. */
const addressed = 'you';

/**
 * A character as it is played for a person: in the texts that came with a card, the macros are replaced, all within one budget. Others
 * are as they are.
 */
export function asPlayed(character: Character, { user, seed }: PlayedFor): Character {
  const { card, memory } = character;
  if (!card) return character;
  const values = { char: displayName(character), user: user.trim() || nobody, seed };
  const budget = macroBudget();
  const said = (text: string): string => withMacros(text, values, budget);
  return {
    ...character,
    supporterStatement: said(character.supporterStatement).trim() || `You are ${character.name}.`,
    greeting: greetingFor(character, { user, seed }),
    memory: Object.fromEntries(Object.entries(memory).map(([aspect, text]) => [aspect, said(text)])),
    card: {
      ...card,
      personality: said(card.personality),
      scenario: said(card.scenario),
      examples: said(card.examples),
      systemPrompt: withMacros(
        card.systemPrompt,
        { ...values, original: usualDirections(character.name) },
        budget,
      ),
      postHistory: said(card.postHistory),
    },
  };
}

/** What a model is asked for where a card asks for nothing else. */
export function usualDirections(name: string): string {
  return `You play ${name} in a chat.`;
}

/** Everything a character may begin with: its greeting first, then the others of its card; never those meant for groups alone. */
export function greetingsOf({ greeting, card }: Pick<Character, 'greeting' | 'card'>): readonly string[] {
  return [greeting, ...(card?.greetings ?? [])].filter((text) => text !== '');
}

/** All of {@link greetingsOf} as they would be said. All within one budget. */
export function greetingsFor(character: Greeter, played: PlayedFor): readonly string[] {
  const budget = macroBudget();
  return greetingsOf(character).map((text) => greeted(text, character, played, budget));
}

/** What a character says first. @param which of {@link greetingsOf}; its own where there is no such. */
export function greetingFor(character: Greeter, played: PlayedFor, which = 0): string {
  return greeted(greetingsOf(character)[which] ?? character.greeting, character, played, macroBudget());
}

function greeted(text: string, character: Greeter, { user, seed }: PlayedFor, budget: MacroBudget): string {
  if (!character.card) return text;
  const values = { char: displayName(character), user: user.trim() || addressed, seed };
  return withMacros(text, values, budget).trim();
}
