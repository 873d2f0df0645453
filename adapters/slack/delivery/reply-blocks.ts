import type { ActionsBlock, AnyBlock, ContextActionsBlock, MarkdownBlock } from '@slack/types';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import type { TurnId } from '../../../src/ids.js';
import { feedbackValue, replyActions, replyBlockId } from '../actions/reply-actions.js';
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
