import type { ActionsBlock, AnyBlock, ContextActionsBlock, MarkdownBlock } from '@slack/types';
import type { Clock } from '../../../src/clock.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { faceUrl } from '../../../src/delivery/face-url.js';
import { type SessionId, sessionId, type TurnId } from '../../../src/ids.js';
import { RecentMap } from '../../../src/recent-map.js';
import { slackMarkdown } from './slack-markdown.js';

/** What people read around a reply. */
export interface ReplyWords {
  readonly stop: string;
  readonly regenerate: string;
  readonly good: string;
  readonly bad: string;
  /** The status while a reply is on its way, as in "is thinking…". */
  readonly status: string;
  /** Up to ten lines that take turns as the status. */
  readonly loading: readonly string[];
}

/** A message's text and buttons. */
export function messageBlocks(
  message: OutgoingMessage,
  nonce: string | null,
  words: ReplyWords,
): (MarkdownBlock | ActionsBlock | ContextActionsBlock)[] {
  return [{ type: 'markdown', text: slackMarkdown(message.text) }, ...buttons(message, nonce, words)];
}

/** The buttons under a message: stop while it grows, regenerate and feedback under the end of a reply. */
export function buttons(
  message: OutgoingMessage,
  nonce: string | null,
  words: ReplyWords,
): (ActionsBlock | ContextActionsBlock)[] {
  if (message.kind === 'notice') return [];
  const turn = message.turnId as TurnId;
  if (!message.final) return [stopBlock(message, nonce, words)];
  if (!message.last) return [];
  return [
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: replyActions.feedback,
          positive_button: { text: plain(words.good), value: feedbackValue('up', turn) },
          negative_button: { text: plain(words.bad), value: feedbackValue('down', turn) },
        },
      ],
    },
    {
      type: 'actions',
      ...blockId(nonce),
      elements: [
        { type: 'button', action_id: replyActions.regenerate, text: plain(words.regenerate), value: turn },
      ],
    },
  ];
}

/** The stop button by itself: it opens a stream, which cannot carry anything else that names it. */
export function stopBlock(message: OutgoingMessage, nonce: string | null, words: ReplyWords): ActionsBlock {
  return {
    type: 'actions',
    ...blockId(nonce),
    elements: [
      { type: 'button', action_id: replyActions.stop, text: plain(words.stop), value: message.turnId },
    ],
  };
}

/** The text without buttons, for a workspace that refuses them. */
export function textOnly(blocks: readonly AnyBlock[]): AnyBlock[] {
  return blocks.filter(({ type }) => type === 'markdown');
}

const plain = (
  text: string,
): { readonly type: 'plain_text'; readonly text: string; readonly emoji: true } => ({
  type: 'plain_text',
  text,
  emoji: true,
});

const blockId = (nonce: string | null): { readonly block_id?: string } =>
  nonce === null ? {} : { block_id: replyBlockId(nonce) };

/**
 * The buttons under a reply. What a button needs is in its value, so it works after a restart. A turn's id names its
 * session (`<session>#<n>`).
 */
export const replyActions = {
  stop: 'rapport_stop',
  regenerate: 'rapport_regenerate',
  feedback: 'rapport_feedback',
} as const;

/** `block_id` of the buttons: holds the nonce, by which a message whose receipt was lost is found again. */
export const replyBlockId = (nonce: string): string => `rapport:${nonce}`;

/** The nonce of a block id, or null. */
export function nonceOfBlock(blockId: string): string | null {
  return /^rapport:([0-9a-z]{1,25})$/.exec(blockId)?.[1] ?? null;
}

/** What a person thinks of a reply. */
export type Feedback = 'up' | 'down';

/** Value of a feedback button. */
export const feedbackValue = (feedback: Feedback, turn: TurnId): string => `${feedback}|${turn}`;

/** Reads {@link feedbackValue}; null for anything else. */
export function readFeedback(value: string): { readonly feedback: Feedback; readonly turn: TurnId } | null {
  const [, feedback, turn] = /^(up|down)\|(.+)$/s.exec(value) ?? [];
  const found = turn === undefined ? null : readTurn(turn);
  return found && (feedback === 'up' || feedback === 'down') ? { feedback, turn: found.turn } : null;
}

/** Value of stop and regenerate: the turn's id. Null for anything that is none. */
export function readTurn(value: string): { readonly turn: TurnId; readonly session: SessionId } | null {
  const [, session] = /^(slack:[\w.:-]{1,200})#\d{1,9}$/.exec(value) ?? [];
  return session === undefined ? null : { turn: value as TurnId, session: sessionId(session) };
}

/** Name and picture a message stands under. */
export interface Identity {
  readonly username?: string;
  readonly icon_url?: string;
}

const nameUnits = 80;
const refusedForMs = 600_000;

/** The character's name and face, where the workspace's token may show them. */
export class Identities {
  readonly #avatarUrl: string;
  readonly #refused: RecentMap<string, true>;

  /** @param avatarUrl template of `delivery.avatarUrl`. */
  constructor(avatarUrl: string, clock: Clock) {
    this.#avatarUrl = avatarUrl;
    this.#refused = new RecentMap(1_000, { ms: refusedForMs, clock });
  }

  /** A notice is the app speaking, under its own name. */
  of({ kind, speaker }: OutgoingMessage, team: string): Identity {
    if (kind === 'notice' || this.#refused.get(team)) return {};
    const username = speaker.name.replace(/\s+/g, ' ').trim().slice(0, nameUnits);
    const icon = faceUrl(speaker.avatar, this.#avatarUrl);
    return { ...(username === '' ? {} : { username }), ...(icon === null ? {} : { icon_url: icon }) };
  }

  /** The token lacks `chat:write.customize`: for some minutes messages stand under the app's name. */
  refuse(team: string): void {
    this.#refused.set(team, true);
  }
}
