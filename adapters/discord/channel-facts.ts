import type { ChannelsAPI } from '@discordjs/core/http-only';
import { type APIChannel, ChannelType } from 'discord-api-types/v10';
import { RecentMap } from '../../src/recent-map.js';

/** What the bot needs to know about a channel. */
export interface ChannelFacts {
  readonly id: string;
  readonly type: ChannelType;
  readonly name: string;
  readonly guild?: string;
  /** The channel a thread belongs to; the category of any other. */
  readonly parent?: string;
  /** Who opened a thread. */
  readonly owner?: string;
}

const remembered = 5_000;

const threadTypes: ReadonlySet<ChannelType> = new Set([
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]);

export function isThread(type: ChannelType): boolean {
  return threadTypes.has(type);
}

/** Channels in which a thread can be made from a message. */
export function takesThreads(type: ChannelType): boolean {
  return type === ChannelType.GuildText || type === ChannelType.GuildAnnouncement;
}

/** The channels that were used lately; asked for once, kept up to date by the gateway's events. */
export class ChannelDirectory {
  readonly #api: Pick<ChannelsAPI, 'get'>;
  readonly #facts = new RecentMap<string, ChannelFacts>(remembered);
  readonly #asking = new Map<string, Promise<ChannelFacts>>();

  constructor(api: Pick<ChannelsAPI, 'get'>) {
    this.#api = api;
  }

  /** @throws whatever the REST client throws (10003 unknown channel, 50001 no access …). */
  async get(channel: string): Promise<ChannelFacts> {
    const known = this.#facts.get(channel) ?? this.#asking.get(channel);
    if (known) return known;
    const asked = this.#api.get(channel).then(factsOf);
    this.#asking.set(channel, asked);
    try {
      const facts = await asked;
      this.#facts.set(channel, facts);
      return facts;
    } finally {
      this.#asking.delete(channel);
    }
  }

  /** What is known without asking. */
  peek(channel: string): ChannelFacts | undefined {
    return this.#facts.get(channel);
  }

  /** Takes a channel that Discord has just described. */
  learn(channel: APIChannel): void {
    this.#facts.set(channel.id, factsOf(channel));
  }

  /** Brings what is known up to date; a channel that nobody has used is not taken in. */
  changed(channel: APIChannel): void {
    if (this.#facts.has(channel.id)) this.learn(channel);
  }

  forget(channel: string): void {
    this.#facts.delete(channel);
  }
}

function factsOf(channel: APIChannel): ChannelFacts {
  const { id, type } = channel;
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined;
  const guild = text('guild_id' in channel ? channel.guild_id : undefined);
  const parent = text('parent_id' in channel ? channel.parent_id : undefined);
  const owner = text('owner_id' in channel ? channel.owner_id : undefined);
  return {
    id,
    type,
    name: text('name' in channel ? channel.name : undefined) ?? '',
    ...(guild !== undefined && { guild }),
    ...(parent !== undefined && { parent }),
    ...(owner !== undefined && { owner }),
  };
}
