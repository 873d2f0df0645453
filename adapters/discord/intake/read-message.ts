import {
  type APIAttachment,
  type APIMessage,
  type GatewayMessageCreateDispatchData,
  MessageFlags,
  MessageType,
} from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import { judgeAttachment, type ReceivedFile, weaveAttachments } from '../../../src/commands/attachments.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { quoteFor } from '../../../src/commands/quote.js';
import { isThread } from '../channel-facts.js';

/** A message as an event or the history of a channel brings it. */
export type HeardMessage = APIMessage &
  Partial<Pick<GatewayMessageCreateDispatchData, 'guild_id' | 'member' | 'channel_type'>>;

/** The application and its bot user. */
export interface Self {
  readonly applicationId: string;
  readonly userId: string;
}

/**
 * Whom a message is for.
 * - `ours`: of the bot, or of a webhook of the application.
 * - `nobody`: of webhooks, of the system.
 * - `direct`: in a direct message.
 * - `addressed`: mentions the bot or its own role, or answers one of its messages.
 * - `overheard`: neither; it is for the bot only in a thread that the bot opened for a conversation.
 */
export type Hearing = 'ours' | 'nobody' | 'direct' | 'addressed' | 'overheard';

/** @param ownRole the bot's own role where it was written, as far as it is known: who calls it calls the bot. */
export function hear(message: HeardMessage, self: Self, ownRole?: string): Hearing {
  const { type, author, webhook_id, application_id, guild_id, channel_type } = message;
  if (author.id === self.userId || (webhook_id !== undefined && application_id === self.applicationId))
    return 'ours';
  if (webhook_id !== undefined || author.system) return 'nobody';
  if (type !== MessageType.Default && type !== MessageType.Reply) return 'nobody';
  if (guild_id === undefined) return author.bot ? 'nobody' : 'direct';
  const called = namesUs(message, self) || (ownRole !== undefined && message.mention_roles.includes(ownRole));
  if (called || answersUs(message, self)) return 'addressed';
  // Another bot is heard only where it calls this one.
  if (author.bot || (channel_type !== undefined && !isThread(channel_type))) return 'nobody';
  return 'overheard';
}

/** Whether it mentions the bot itself, so that Discord shows its text in any case. */
export function namesUs({ mentions: named }: HeardMessage, self: Self): boolean {
  return named.some(({ id }) => id === self.userId);
}

/** Whether a message of ours was posted as one: neither an answer to an interaction nor a note of Discord's. */
export function isPosted({ type, interaction_metadata }: HeardMessage): boolean {
  return interaction_metadata === undefined && (type === MessageType.Default || type === MessageType.Reply);
}

/** Whether it answers a message of the bot or of one of its characters. */
export function answersUs({ type, referenced_message: answered }: HeardMessage, self: Self): boolean {
  if (type !== MessageType.Reply || !answered) return false;
  return answered.author.id === self.userId || answered.application_id === self.applicationId;
}

/** How its writer is called where they wrote. */
export function speakerOf({ author, member }: HeardMessage): string {
  return member?.nick ?? author.global_name ?? author.username;
}

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
  /** Whether messages that do not mention the bot come with their text. */
  readonly readsContent: boolean;
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
  const hidden = hiddenQuote(message, options);
  const text = hidden
    ? `${asked}\n${say('discordChat.hiddenQuote', { name: authorOf(hidden) })}`.trim()
    : (quoted(message, asked, options) ?? asked);
  const voice = isVoice(message.flags);
  const files = voice ? [] : await receiveFiles(services, message.attachments);
  const woven = weaveAttachments(services, text, files);
  return {
    text: woven.text,
    notices: [
      ...(hidden ? [say('discordChat.quoteWithheld')] : []),
      ...(voice ? [say('discordChat.voice')] : []),
      ...woven.notices,
    ],
  };
}

/** The message that is answered, where Discord keeps its text from the bot. */
function hiddenQuote(
  { referenced_message: answered, message_snapshots: forwarded }: HeardMessage,
  { quotes, readsContent, names }: ReadOptions,
): APIMessage | null {
  if (!quotes || readsContent || !answered || forwarded?.[0]) return null;
  if (answered.content !== '' || answered.author.id === names.userId) return null;
  const isShort = (answered.sticker_items?.length ?? 0) > 0;
  return isShort ? null : answered;
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
  return quoteFor({ text: textOf(answered, names), author: authorOf(answered), question }, say);
}

function textOf(message: APIMessage, names: Names): string {
  return cleanText(message.content, message.mentions as Mentioned, names);
}

function authorOf({ author }: APIMessage): string {
  return author.global_name ?? author.username;
}

function pollOf({ poll }: HeardMessage, { say }: ReadOptions['services']): string[] {
  if (!poll) return [];
  const answers = poll.answers.flatMap(({ poll_media: { text } }) => (text ? [text] : [])).join(' / ');
  return [say('discordChat.poll', { question: poll.question.text ?? '', answers })];
}

const fetchTimeoutMs = 8_000;
/** More files than this of one message are not fetched. */
const maxFiles = 5;

/** Whether the message is a recording. */
function isVoice(flags: number | undefined): boolean {
  return ((flags ?? 0) & MessageFlags.IsVoiceMessage) !== 0;
}

/** The files of a message; text files with their bytes, fetched from Discord's own hosts only. Never rejects. */
export function receiveFiles(
  services: Pick<CommandServices, 'config' | 'logger'>,
  attachments: readonly APIAttachment[],
): Promise<ReceivedFile[]> {
  return Promise.all(
    attachments.map(async ({ filename, content_type, size, url }, n) => {
      const file = { name: filename, size, ...(content_type !== undefined && { contentType: content_type }) };
      const wanted = n < maxFiles && judgeAttachment(services, file) === 'read';
      return {
        ...file,
        bytes: wanted ? await fetchAttachment(services, url, services.config.limits.attachmentBytes) : null,
      };
    }),
  );
}

/** The bytes of an attachment, one more than `most` where there are more; null where it cannot be had. Fetched from Discord's own hosts only. */
export async function fetchAttachment(
  { config, logger }: Pick<CommandServices, 'config' | 'logger'>,
  address: string,
  most: number,
): Promise<Uint8Array | null> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !config.discord.cdnHosts.includes(url.host) || !isSafe(url)) {
    logger.warn(
      { host: url?.host ?? '' },
      "an attachment does not lie on Discord's hosts and was not fetched",
    );
    return null;
  }
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchTimeoutMs) });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    return await readAtMost(response.body, most + 1);
  } catch (error) {
    logger.info({ reason: reasonOf(error) }, 'an attachment could not be fetched');
    return null;
  }
}

const isSafe = ({ protocol, hostname }: URL): boolean => protocol === 'https:' || hostname === '127.0.0.1';

/** The first bytes of a stream; the rest is not fetched. */
async function readAtMost(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

/** How ids in a message's text are called. */
export interface Names {
  /** The bot itself. */
  readonly userId: string;
  readonly userName: string;
  /** Its own role where the message was written, as far as it is known. */
  readonly ownRole?: string | undefined;
  readonly channel: (id: string) => string | undefined;
  /** Words for what has no name here. */
  readonly somebody: string;
  readonly aRole: string;
  readonly aChannel: string;
}

/** People named in a message: users by id. In guild events each may come with its nickname. */
export type Mentioned = readonly (APIMessage['mentions'][number] & {
  readonly member?: { nick?: string | null };
})[];

/**
 * The text of a message as a person reads it: the bot's mention left out at the beginning and the end, other mentions by
 * name, custom emoji as `:name:`, timestamps as dates.
 * Discord's markup: `<@user>`, `<@!user>`, `<@&role>`, `<#channel>`, `</command:id>`, `<:emoji:id>`, `<t:seconds:style>`, `<id:…>`.
 */
export function cleanText(content: string, mentioned: Mentioned, names: Names): string {
  const own =
    names.ownRole === undefined ? `<@!?${names.userId}>` : `<@(?:!?${names.userId}|&${names.ownRole})>`;
  return content
    .replace(new RegExp(`^(?:\\s*${own}[\\s,:;–—-]*)+`), '')
    .replace(new RegExp(`(?:[\\s,]*${own})+(?=[\\s.!?…]*$)`), '')
    .replace(/<@!?(\d+)>/g, (_, id: string) => `@${nameOf(id, mentioned, names)}`)
    .replace(/<@&\d+>/g, `@${names.aRole}`)
    .replace(/<#(\d+)>/g, (_, id: string) => `#${names.channel(id) ?? names.aChannel}`)
    .replace(/<a?:(\w+):\d+>/g, ':$1:')
    .replace(/<\/([^:>]+):\d+>/g, '/$1')
    .replace(/<t:(-?\d{1,13})(?::\w)?>/g, (whole, seconds: string) => dateOf(Number(seconds)) ?? whole)
    .replace(/<id:\w+>/g, '')
    .trim();
}

/** Whether a text calls the bot by its mention. */
export function mentions(content: string, userId: string): boolean {
  return content.includes(`<@${userId}>`) || content.includes(`<@!${userId}>`);
}

function nameOf(id: string, mentioned: Mentioned, names: Names): string {
  if (id === names.userId) return names.userName;
  const user = mentioned.find((one) => one.id === id);
  return user ? (user.member?.nick ?? user.global_name ?? user.username) : names.somebody;
}

function dateOf(seconds: number): string | null {
  const date = new Date(seconds * 1_000);
  return Number.isNaN(date.getTime()) ? null : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
