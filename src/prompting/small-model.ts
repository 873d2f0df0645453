import { LexicalIndex } from '../text/lexical-index.js';
import { lastMessageIndex, type PromptInput } from './prompt-input.js';

const statementSentences = 2;
const keptTurns = 6;

/**
 * A prompt a ten-million-parameter model can follow: the statement's first sentences, of each memory the one sentence that
 * fits the last message best, the last few turns. Long persona texts make such a model lose the thread (its card).
 */
export function forSmallModel(input: PromptInput): PromptInput {
  const last = input.turns[lastMessageIndex(input)]?.text ?? '';
  const { character } = input;
  return {
    ...input,
    character: {
      ...character,
      supporterStatement: sentences(character.supporterStatement).slice(0, statementSentences).join(' '),
      ...(character.seekerStatement && {
        seekerStatement: sentences(character.seekerStatement).slice(0, statementSentences).join(' '),
      }),
    },
    turns: input.turns.slice(-keptTurns),
    memories: input.memories.map((memory) => ({ ...memory, text: closestSentence(memory.text, last) })),
  };
}

/** The sentence of a text that shares the most telling words with a message; the first when none shares any. */
function closestSentence(text: string, message: string): string {
  const all = sentences(text);
  const scores = new LexicalIndex(all).scores(message);
  return all[scores.indexOf(Math.max(...scores))] ?? text;
}

function sentences(text: string): string[] {
  return text.match(/\S.*?(?:[.!?](?=\s|$)|$)/gs) ?? [];
}
