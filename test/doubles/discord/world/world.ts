import {
  type APIUser,
  ApplicationFlags,
  type GatewayDispatchEvents,
  type GatewayIntentBits,
  type Locale,
  type UserFlags,
} from 'discord-api-types/v10';
import type { Clock } from '../../../../src/clock.js';
import type { DiscordOptions } from '../options.js';
import type {
  ChannelRecord,
  CommandRecord,
  GuildRecord,
  InteractionRecord,
  MessageRecord,
  WebhookRecord,
} from './records.js';
import { compareIds, Snowflakes } from './snowflake.js';

/** Something the gateway tells the sessions that are entitled to it. */
export interface Dispatch {
  readonly t: GatewayDispatchEvents;
  /** The payload as a session with the MessageContent intent sees it. */
  readonly d: object;
  /** As the others see it, where that may differ. */
  readonly withoutContent?: () => object;
  /** Decides the shard; null is shard 0. */
  readonly guildId: string | null;
  /** One of these is needed; none for what everyone is told. */
  readonly intents: readonly GatewayIntentBits[];
}

/** A file that was uploaded, to be had again at its CDN address. */
export interface StoredFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface ApplicationRecord {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  flags: number;
  readonly botPublic: boolean;
}

/** Everything the double's Discord consists of. Plain state with no rules: those are in the other files of this folder. */
export class World {
  readonly clock: Clock;
  readonly ids: Snowflakes;
  readonly application: ApplicationRecord;
  readonly bot: APIUser;
  /** Who registered the application. */
  readonly owner: APIUser;
  readonly users = new Map<string, APIUser>();
  readonly guilds = new Map<string, GuildRecord>();
  readonly channels: ReadonlyMap<string, ChannelRecord> = new Map();
  readonly webhooks = new Map<string, WebhookRecord>();
  readonly commands = new Map<string, CommandRecord>();
  /** Every command that was created, for the daily limit. */
  readonly commandCreates: { readonly guildId: string | null; readonly at: number }[] = [];
  readonly interactions: ReadonlyMap<string, InteractionRecord> = new Map();
  readonly files = new Map<string, StoredFile>();
  /** People's languages, where they are not American English. */
  readonly locales = new Map<string, Locale>();
  /** Every time somebody began to type. */
  readonly typing: { readonly channelId: string; readonly userId: string; readonly at: number }[] = [];
  /** People whose privacy settings refuse the bot's direct messages. */
  /** How an event of a direct message names its server: not at all, or as null as other servers of Discord's protocol do. */
  nullGuilds: { readonly guild_id?: never } = {};
  /** Whether the list of its servers tells the bot what it may there; other servers of Discord's protocol leave it out. */
  tellsPermissions = true;
  readonly dmsRefused = new Set<string>();
  /** People who installed the app for themselves. */
  readonly userInstalls = new Set<string>();
  /** Where uploads can be fetched, without a slash at the end. */
  cdnUrl = '';
  readonly #messages = new Map<string, MessageRecord[]>();
  readonly #messageById = new Map<string, MessageRecord>();
  readonly #messageByNonce = new Map<string, MessageRecord>();
  readonly #channelsByGuild = new Map<string, Map<string, ChannelRecord>>();
  readonly #interactionByToken = new Map<string, InteractionRecord>();
  readonly #listeners = new Set<(dispatch: Dispatch) => void>();
  readonly #watchers = new Set<() => void>();

  constructor(clock: Clock, options: DiscordOptions) {
    this.clock = clock;
    this.ids = new Snowflakes(clock);
    const id = options.applicationId ?? this.ids.next();
    this.application = {
      id,
      name: options.applicationName ?? 'Rapport',
      token: options.token ?? `${Buffer.from(id).toString('base64url')}.double.token`,
      flags: flagsOf(options.privilegedIntents ?? []),
      botPublic: options.botPublic ?? true,
    };
    this.bot = makeUser(id, { username: options.applicationName ?? 'Rapport', bot: true });
    this.users.set(id, this.bot);
    this.owner = makeUser(this.ids.next(), { username: 'operator' });
    this.users.set(this.owner.id, this.owner);
  }

  /** Tells the gateway. */
  emit(dispatch: Dispatch): void {
    for (const listener of this.#listeners) listener(dispatch);
  }
  onDispatch(listener: (dispatch: Dispatch) => void): void {
    this.#listeners.add(listener);
  }

  /** Says that something a test may wait for has happened. */
  touch(): void {
    for (const watcher of this.#watchers) watcher();
  }
  /** @returns a function that ends the watch. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  addMessage(message: MessageRecord): void {
    const list = this.#messages.get(message.channelId) ?? [];
    list.push(message);
    this.#messages.set(message.channelId, list);
    this.#messageById.set(message.id, message);
    if (message.nonce !== null)
      this.#messageByNonce.set(nonceKey(message.author.userId, message.nonce), message);
  }
  /** The last message that its author wrote under a nonce. */
  messageByNonce(authorId: string, nonce: string | number): MessageRecord | undefined {
    return this.#messageByNonce.get(nonceKey(authorId, nonce));
  }
  addInteraction(interaction: InteractionRecord): void {
    (this.interactions as Map<string, InteractionRecord>).set(interaction.id, interaction);
    this.#interactionByToken.set(interaction.token, interaction);
  }
  interactionByToken(token: string): InteractionRecord | undefined {
    return this.#interactionByToken.get(token);
  }
  addChannel(channel: ChannelRecord): void {
    (this.channels as Map<string, ChannelRecord>).set(channel.id, channel);
    if (channel.guildId === null) return;
    const siblings = this.#channelsByGuild.get(channel.guildId) ?? new Map<string, ChannelRecord>();
    siblings.set(channel.id, channel);
    this.#channelsByGuild.set(channel.guildId, siblings);
  }
  removeChannel(channel: ChannelRecord): void {
    (this.channels as Map<string, ChannelRecord>).delete(channel.id);
    if (channel.guildId !== null) this.#channelsByGuild.get(channel.guildId)?.delete(channel.id);
  }
  /** A channel's messages, oldest first, the deleted and the ephemeral among them. */
  messagesOf(channelId: string): readonly MessageRecord[] {
    return this.#messages.get(channelId) ?? [];
  }
  /** A message that is still there. */
  message(channelId: string, id: string): MessageRecord | undefined {
    const message = this.#messageById.get(id);
    return message && message.channelId === channelId && message.deletedAt === null ? message : undefined;
  }
  /** A message by its id alone, deleted or not. */
  anyMessage(id: string): MessageRecord | undefined {
    return this.#messageById.get(id);
  }

  /** Guilds that the bot is a member of, oldest first. */
  botGuilds(): GuildRecord[] {
    return [...this.guilds.values()]
      .filter((guild) => guild.members.has(this.bot.id))
      .sort((a, b) => compareIds(a.id, b.id));
  }
  threadsOf(guildId: string): ChannelRecord[] {
    return this.channelsOf(guildId).filter((channel) => channel.thread !== null);
  }
  channelsOf(guildId: string): ChannelRecord[] {
    return [...(this.#channelsByGuild.get(guildId)?.values() ?? [])];
  }
}

function nonceKey(authorId: string, nonce: string | number): string {
  return `${authorId} ${nonce}`;
}

export interface NewUser {
  readonly username: string;
  readonly globalName?: string;
  readonly bot?: boolean;
  readonly avatar?: string;
  /** The language of their client. */
  readonly locale?: Locale;
}

export function makeUser(id: string, user: NewUser): APIUser {
  return {
    id,
    username: user.username,
    discriminator: user.bot ? '0001' : '0',
    global_name: user.globalName ?? null,
    avatar: user.avatar ?? null,
    ...(user.bot ? { bot: true } : {}),
    public_flags: 0 as UserFlags,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
  };
}

function flagsOf(privileged: readonly ('members' | 'presences' | 'content')[]): number {
  const bit = {
    members: ApplicationFlags.GatewayGuildMembersLimited,
    presences: ApplicationFlags.GatewayPresenceLimited,
    content: ApplicationFlags.GatewayMessageContentLimited,
  };
  return privileged.reduce((flags, name) => flags | bit[name], ApplicationFlags.ApplicationCommandBadge);
}
