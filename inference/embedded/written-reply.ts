import type { RankHints } from '../../src/prompting/chat-model.js';
import type { AnswerBank } from './answer-bank.js';
import type { Mood } from './bank-files.js';
import { asksAboutMe, isDistress, isGlad } from './rank-replies.js';
import type { Said } from './reply-text.js';

/** Where a reply that was written beforehand comes from: see {@link writtenReply}. */
export type WrittenFrom = 'told' | 'bank' | 'act' | 'mood';

export interface WrittenReply {
  readonly text: string;
  readonly from: WrittenFrom;
}

/** How pleasant what a message tells is, from −1 to 1; null where it cannot be read. */
export type Feel = (text: string) => Promise<number | null>;

/**
 * The reply that needs no model, in the order in which it is looked for: what they told, asked back; what is written for messages
 * like this one (as answers to what the character just asked, first), or what the character says of itself when asked so; what takes
 * up what a message does; else, what keeps the talk going in their mood. Null where the platform asks for something particular (a topic), and where no character answers a person (self-play): a model does that.
 * @throws RapportError where the bank cannot be used.
 */
export async function writtenReply(
  bank: Pick<AnswerBank, 'answer' | 'does' | 'takeUp' | 'goOn' | 'count'>,
  rank: RankHints,
  { replies, messages }: Said,
  feel?: Feel,
): Promise<WrittenReply | null> {
  const { lastMessage, goal, gentle = false, toldBack = null, selfAnswers, avoid = [] } = rank;
  if (goal !== null || selfAnswers === undefined) return null;
  if (toldBack !== null) return { text: toldBack, from: 'told' };
  const said = [...replies, ...avoid].flatMap((reply) => [reply.trim(), ...partsOf(reply)]);
  // Who was asked twice running would like to hear something.
  const asks = !(replies.length > 1 && replies.slice(-2).every((reply) => reply.includes('?')));
  const mood = await moodOf([...messages.slice(0, -1), lastMessage], await bank.does(lastMessage), feel);
  const gone = mood === 'leaving';
  // After danger the first words are about it, whatever was said; it may have been misunderstood, so then the talk goes on.
  const grave = gentle && !gone && bank.count('gentle', said) < gentleReplies;
  const first = grave ? await bank.goOn(lastMessage, 'gentle', said) : null;
  if (first) return { text: first.text, from: 'mood' };
  // Who leaves answers no question.
  const asked = { message: lastMessage, before: gone ? null : (replies.at(-1) ?? null), said, asks };
  const answer = await bank.answer({ ...asked, selfAnswers });
  if (answer) return { text: answer.text, from: 'bank' };
  const serious = gentle && mood === 'glad' ? 'plain' : mood;
  const takenUp = gone || mood === 'about-me' ? null : await bank.takeUp(asked, serious);
  if (takenUp) return { text: takenUp.text, from: 'act' };
  const going = await bank.goOn(lastMessage, serious, said);
  return going && { text: going.text, from: 'mood' };
}

/** A reply may have stood behind a disclosure, in a paragraph of its own. */
function partsOf(reply: string): readonly string[] {
  return reply.includes('\n') ? reply.split('\n').map((part) => part.trim()) : [];
}

/** Replies after danger that speak of it. */
const gentleReplies = 2;
/** How many of their messages trouble stays in the air. */
const lasting = 3;
/** From what valence on a message is unpleasant, or pleasant, in [−1, 1]. */
const low = -0.4;
const high = 0.6;
/** Words of joy in a message that is no less than this are meant. */
const notLow = 0.25;
/** A clause of its own at the end: "I never said goodbye" and "I have to go to court" are none. */
const leaves =
  /(?:^|[.,!?;:)…]\s*|\b(?:ok|okay|right|well|alright|anyway|thx|thanks|so|lol|haha)\s+)(?:(?:(?:i(?:['’]?ve)? )?(?:gotta|got to|have to|need to|must) go(?: now)?|goodbye|(?:good ?)?night(?: night)?|cya|(?:see|c) ?(?:you|ya|u)(?: later| soon| tomorrow)?|(?:talk|speak)(?: to (?:you|u))? (?:later|soon|tomorrow)|nice talking(?: to you)?|(?:i(?:['’]?m| am) )?(?:going|off) to (?:bed|sleep|work)(?: now)?|wish me luck|time for (?:bed|dinner|work)|thanks for (?:listening|talking|the chat))(?:\W|\bx+\b)*$|(?:gtg|g2g|bye+)\b)/i;
const thanks = /\bthank(?:s| you)\b/gi;
const wants = /\?\s*$|\b(?:can|could|will|would) (?:you|u)\b/i;

/** The mood of what they wrote last (oldest first): what it does, what the last message shows, else the trouble of those before it. */
async function moodOf(
  messages: readonly string[],
  act: string | null,
  feel: Feel | undefined,
): Promise<Mood> {
  const last = messages.at(-1) ?? '';
  if (leaves.test(last) || act === 'leaves') return 'leaving';
  if (asksAboutMe(last) || act === 'asks-me') return 'about-me';
  if (wants.test(last)) return 'asked';
  if (isDistress(last)) return 'hurt';
  const felt = (await feel?.(last)) ?? null;
  // Thanks are no joy.
  if (isGlad(last.replace(thanks, '')) && (felt ?? 1) >= notLow) return 'glad';
  const valence = felt ?? 0;
  if (valence >= high) return 'glad';
  if (valence <= low) return 'hurt';
  return messages.slice(-lasting).some(isDistress) ? 'hurt' : 'plain';
}
