import type { APIMessage } from 'discord-api-types/v10';

/** How ids in a message's text are called. */
export interface Names {
  /** The bot itself. */
  readonly userId: string;
  readonly userName: string;
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
  const own = `<@!?${names.userId}>`;
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
