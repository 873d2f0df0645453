import { AllowedMentionsTypes, type APIAllowedMentions, PermissionFlagsBits } from 'discord-api-types/v10';
import { channelPermissions } from './permissions.js';
import type { ChannelRecord, Pings } from './records.js';
import type { World } from './world.js';

export interface Mentions extends Pings {
  /** Users that the message's `mentions` list. */
  readonly mentioned: string[];
  readonly mentionedRoles: string[];
}

/**
 * Whom a text mentions and whom it notifies. `allowed_mentions` decides both, as on Discord; left out, everything in the
 * text counts and a reply notifies whom it answers.
 * @param repliedTo the author of the message that is answered.
 */
export function mentionsOf(
  world: World,
  channel: ChannelRecord,
  {
    content,
    authorId,
    allowed,
    repliedTo,
    maySayEveryone,
  }: {
    content: string;
    authorId: string;
    allowed: APIAllowedMentions | undefined;
    repliedTo: string | null;
    /** False for a webhook or a person without the permission. */
    maySayEveryone?: boolean;
  },
): Mentions {
  const inText = (pattern: RegExp): string[] => [
    ...new Set([...content.matchAll(pattern)].map((match) => match[1] ?? '')),
  ];
  const parse = allowed?.parse;
  const users = inText(/<@!?(\d{5,25})>/g).filter(
    (id) =>
      world.users.has(id) &&
      (!allowed ||
        (parse?.includes(AllowedMentionsTypes.User) ?? false) ||
        (allowed.users ?? []).includes(id)),
  );
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const roles = inText(/<@&(\d{5,25})>/g).filter(
    (id) =>
      guild?.roles.has(id) &&
      (!allowed ||
        (parse?.includes(AllowedMentionsTypes.Role) ?? false) ||
        (allowed.roles ?? []).includes(id)),
  );
  const permitted =
    maySayEveryone ??
    (channelPermissions(world, channel, authorId) & PermissionFlagsBits.MentionEveryone) !== 0n;
  const everyone =
    guild !== undefined &&
    permitted &&
    /@(everyone|here)/.test(content) &&
    (!allowed || (parse?.includes(AllowedMentionsTypes.Everyone) ?? false));
  const pingsReplied = repliedTo !== null && (allowed ? (allowed.replied_user ?? false) : true);
  if (pingsReplied && repliedTo !== null && world.users.has(repliedTo) && !users.includes(repliedTo))
    users.push(repliedTo);
  return {
    mentioned: users,
    mentionedRoles: roles,
    users: users.filter((id) => id !== authorId),
    roles: roles.filter((id) => permitted || guild?.roles.get(id)?.mentionable === true),
    everyone,
  };
}
