import type { RankHints } from '../../src/prompting/chat-model.js';
import type { AnswerBank, Mood } from './answer-bank.js';
import { isDistress, isGlad } from './rank-replies.js';
import type { Said } from './reply-text.js';

/** Where a reply that was written beforehand comes from: see {@link writtenReply}. */
export type WrittenFrom = 'told' | 'bank' | 'mood';

export interface WrittenReply {
  readonly text: string;
  readonly from: WrittenFrom;
}

/**
 * The reply that needs no model, in the order in which it is looked for: what they told, asked back; what is written for messages
 * like this one, or what the character says of itself when asked so; else, what keeps the talk going in their mood. Null where the
 * platform asks for something particular (a topic): a model follows that.
 * @throws RapportError where the bank cannot be used.
 */
export async function writtenReply(
  bank: Pick<AnswerBank, 'answer' | 'goOn'>,
  rank: RankHints,
  { replies, messages }: Said,
): Promise<WrittenReply | null> {
  const { lastMessage, goal, gentle = false, toldBack = null, selfAnswers = {}, avoid = [] } = rank;
  if (goal !== null) return null;
  if (toldBack !== null && !gentle) return { text: toldBack, from: 'told' };
  const said = [...replies, ...avoid].flatMap((reply) => [reply.trim(), ...partsOf(reply)]);
  const asked = { message: lastMessage, said, selfAnswers };
  const answer = gentle ? null : await bank.answer(asked);
  if (answer) return { text: answer.text, from: 'bank' };
  const mood = gentle ? 'gentle' : moodOf([...messages.slice(0, -1), lastMessage]);
  const going = await bank.goOn(lastMessage, mood, said);
  return going && { text: going.text, from: 'mood' };
}

/** A reply may have stood behind a disclosure, in a paragraph of its own. */
function partsOf(reply: string): readonly string[] {
  return reply.includes('\n') ? reply.split('\n').map((part) => part.trim()) : [];
}

/** How many of their messages a mood lasts. */
const lasting = 4;

/** The mood of what they wrote last (oldest first): the last message that shows one decides. */
function moodOf(messages: readonly string[]): Mood {
  const last = messages.at(-1) ?? '';
  if (isGlad(last)) return 'glad';
  if (/\?\s*$/.test(last)) return 'asked';
  const near = messages.slice(-lasting).reverse();
  const shown = near.find((message) => isDistress(message) || isGlad(message));
  return shown === undefined ? 'plain' : isDistress(shown) ? 'hurt' : 'glad';
}
