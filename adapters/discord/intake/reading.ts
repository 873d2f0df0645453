import type { APIMessage } from 'discord-api-types/v10';
import { weaveAttachments } from '../../../src/commands/attachments.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { quoteFor } from '../../../src/commands/quote.js';
import { isVoice, receiveFiles } from './attached-files.js';
import { cleanText, type Mentioned, type Names } from './clean-text.js';
import type { HeardMessage } from './heard-message.js';

/** What of a message goes to a character, and what its writer is told about the rest. */
export interface ReadMessage {
  /** '' where there is nothing to answer. */
  readonly text: string;
  readonly notices: readonly string[];
}

export interface ReadOptions {
  readonly services: Pick<CommandServices, 'config' | 'logger' | 'say'>;
  readonly names: Names;
  /** Quote the message that is answered: the character has not seen it. */
  readonly quotes: boolean;
}

/** Reads a message: its words, what it quotes or forwards, stickers and polls in words, text files. Never rejects. */
export async function readMessage(message: HeardMessage, options: ReadOptions): Promise<ReadMessage> {
  const { services, names } = options;
  const { say } = services;
  const words = [
    cleanText(message.content, message.mentions as Mentioned, names),
    ...(message.sticker_items ?? []).map(({ name }) => say('discordChat.sticker', { name })),
    ...pollOf(message, services),
  ].filter((part) => part !== '');
  const asked = words.join('\n');
  const text = quoted(message, asked, options) ?? asked;
  const voice = isVoice(message.flags);
  const files = voice ? [] : await receiveFiles(services, message.attachments);
  const woven = weaveAttachments(services, text, files);
  return { text: woven.text, notices: voice ? [say('discordChat.voice'), ...woven.notices] : woven.notices };
}

/** The question with the quoted or forwarded message below it; null where there is none (to be seen). */
function quoted(
  message: HeardMessage,
  question: string,
  { services, names, quotes }: ReadOptions,
): string | null {
  const { say } = services;
  const [forwarded] = message.message_snapshots ?? [];
  if (forwarded) {
    const { content = '', mentions = [] } = forwarded.message;
    const text = cleanText(content, mentions as Mentioned, names);
    return quoteFor({ text, author: say('discordChat.somebody'), question }, say);
  }
  const answered = quotes ? message.referenced_message : null;
  if (!answered) return null;
  return quoteFor({ text: textOf(answered, names), author: nameOf(answered), question }, say);
}

function textOf(message: APIMessage, names: Names): string {
  return cleanText(message.content, message.mentions as Mentioned, names);
}

function nameOf({ author }: APIMessage): string {
  return author.global_name ?? author.username;
}

function pollOf({ poll }: HeardMessage, { say }: ReadOptions['services']): string[] {
  if (!poll) return [];
  const answers = poll.answers.flatMap(({ poll_media: { text } }) => (text ? [text] : [])).join(' / ');
  return [say('discordChat.poll', { question: poll.question.text ?? '', answers })];
}
