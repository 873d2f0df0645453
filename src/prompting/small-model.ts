import { LexicalIndex } from '../text/lexical-index.js';
import { lastMessageIndex, ownSide, type PromptInput, type PromptTurn } from './prompt-input.js';

const statementSentences = 2;
const worrySentences = 2;
const keptTurns = 6;

/**
 * A prompt a ten-million-parameter model can follow: the statement's first sentences, of each memory the one sentence that
 * fits the last message best, the last few turns. Long persona texts make such a model lose the thread (its card). While the
 * conversation is short, what the person said of themselves before it stands at its beginning, else the model would not know of what
 * they go on to speak.
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
    turns: [...opening(input), ...input.turns.slice(-keptTurns)],
    memories: input.memories.map((memory) => ({ ...memory, text: closestSentence(memory.text, last) })),
  };
}

/** What is on the person's mind, as their first line; nothing where others read along or where it was said in the conversation. */
function opening(input: PromptInput): PromptTurn[] {
  const { seeker, shared, turns } = input;
  const worry = sentences(seeker.statement ?? '')
    .slice(0, worrySentences)
    .join(' ');
  const known = turns.length > keptTurns || turns.some(({ text }) => text.includes(worry));
  return worry === '' || known || shared || ownSide(input) === 'seeker'
    ? []
    : [{ speaker: 'seeker', text: worry }];
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
