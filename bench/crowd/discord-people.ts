import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, Discord, User } from '../../test/doubles/discord/index.js';
import { addUsualGuild, guildBytes } from './discord-guilds.js';
import { messageOf, replyTo } from './numbered-reply.js';
import { arrivals, seededRandom, type Talk } from './talk.js';

export interface DiscordTalks {
  /** All begin within this time, ms. */
  readonly spreadMs: number;
  /** Words of a reply. */
  readonly words: number;
  /** What stands in for a text that is not there yet. */
  readonly placeholder: string;
  /** Shortest time between two edits of a message, ms. */
  readonly intervalMs: number;
  /** Nobody waits longer than this, ms. */
  readonly limitMs: number;
}

export interface DiscordTraffic {
  /** When requests came that count against the bot's global limit, and all of them, ms. */
  readonly countedAt: readonly number[];
  readonly editedAt: readonly number[];
  /** Answers with 429, by route. */
  readonly refused: Readonly<Record<string, number>>;
}

interface Person {
  readonly number: number;
  readonly user: User;
  /** A direct message, or the channel in which the bot is called. */
  readonly channel: Channel;
  saidAt: number;
  /** Where the reply is. */
  place: string;
}

/** A server holds so many of the channels in which the bot is called, and a channel so many people that call it. */
const channelsAGuild = 5;
const peopleAChannel = 2;
const lookEveryMs = 100;

/** People on the double of Discord: half in direct messages, half in the threads of several servers. */
export class DiscordPeople {
  readonly #discord: Discord;
  #people: Person[] = [];

  constructor(discord: Discord) {
    this.#discord = discord;
  }

  /** Invites the bot into more servers. @returns what one weighs on the gateway, bytes. */
  invite(guilds: number): number {
    let bytes = 0;
    for (let index = 0; index < guilds; index += 1)
      bytes = guildBytes(this.#discord, addUsualGuild(this.#discord));
    return bytes;
  }

  /** One person writes to the bot; resolves once it is seen to answer: what happened before has been dealt with. */
  async ping(): Promise<void> {
    await this.#discord.until(() => this.#discord.gateway.sessions.size > 0, { timeoutMs: 60_000 });
    const user = this.#discord.addUser();
    const channel = this.#discord.dm(user);
    this.#discord.say(user, channel, 'Are you there?');
    const answers = (): boolean => this.#discord.whatUsersSee(channel).length > 1;
    await this.#discord.until(answers, { timeoutMs: 60_000, what: 'an answer of the bot' });
  }

  /** People come together, and somebody has called the bot in each of their channels before. */
  async gather(conversations: number): Promise<void> {
    this.#people = this.#meet(conversations);
    const discord = this.#discord;
    const regular = this.#people[1]?.user;
    const channels = [...new Set(this.#people.map(({ channel }) => channel))];
    if (!regular) return;
    const threads = channels
      .filter(({ guildId }) => guildId !== null)
      .map((channel) => discord.say(regular, channel, 'Are you there?', { mention: true }).id);
    const answered = (): boolean =>
      threads.every((id) => discord.world.messagesOf(id).some(({ webhookId }) => webhookId !== null));
    await discord.until(answered, { timeoutMs: 60_000, what: 'an answer in every channel' });
  }

  /** Everybody writes once. Resolves when all have their whole reply, or the limit is over. */
  async talk(options: DiscordTalks): Promise<void> {
    const { spreadMs, limitMs } = options;
    const at = arrivals(this.#people.length, spreadMs, seededRandom(1));
    const startedAt = performance.now();
    for (const [index, person] of this.#people.entries()) {
      const wait = (at[index] ?? 0) - (performance.now() - startedAt);
      if (wait > 0) await sleep(wait);
      this.#write(person);
    }
    while (performance.now() - startedAt < limitMs && !this.#everybodyHasAll(options))
      await sleep(lookEveryMs);
  }

  /** What everybody saw. */
  talks(options: DiscordTalks): Talk[] {
    const { world } = this.#discord;
    const typed = new Map<string, number>();
    for (const { channelId, at } of world.typing) if (!typed.has(channelId)) typed.set(channelId, at);
    return this.#people.map((person) => {
      const signs = [typed.get(person.place), world.channels.get(person.place)?.thread?.createdAt];
      return this.#seenBy(person, signs, options);
    });
  }

  traffic(): DiscordTraffic {
    const requests = this.#discord.requests.filter(({ route }) => route !== null);
    const refused: Record<string, number> = {};
    for (const { status, route } of requests)
      if (status === 429 && route !== null) refused[route] = (refused[route] ?? 0) + 1;
    return {
      countedAt: requests
        .filter(({ path }) => !path.startsWith('/webhooks/') && !path.startsWith('/interactions/'))
        .map(({ at }) => at),
      editedAt: requests
        .filter(({ method, path }) => method === 'PATCH' && path.includes('/messages/'))
        .map(({ at }) => at),
      refused,
    };
  }

  #meet(count: number): Person[] {
    const discord = this.#discord;
    const inThreads = Math.floor(count / 2);
    const channels: Channel[] = [];
    const users = Array.from({ length: count }, () => discord.addUser());
    const guilds = Math.max(2, Math.ceil(inThreads / (channelsAGuild * peopleAChannel)));
    for (let index = 0; index < guilds; index += 1) {
      const guild = discord.addGuild({ members: users });
      for (let one = 0; one < channelsAGuild; one += 1) channels.push(discord.addChannel(guild));
    }
    return users.map((user, number) => {
      // Direct messages and threads take turns.
      const isThread = number % 2 === 1;
      const channel = isThread ? channels[Math.floor(number / 2) % channels.length] : undefined;
      return { number, user, channel: channel ?? discord.dm(user), saidAt: 0, place: '' };
    });
  }

  #write(person: Person): void {
    const { number, user, channel } = person;
    person.saidAt = this.#discord.clock.now();
    const isThread = channel.guildId !== null;
    const { id } = this.#discord.say(user, channel, messageOf(number), { mention: isThread });
    person.place = isThread ? id : channel.id;
  }

  #everybodyHasAll({ words }: DiscordTalks): boolean {
    return this.#people.every(({ place, number }) =>
      this.#discord.world
        .messagesOf(place)
        .some(({ content }) => content.endsWith(replyTo(number, { words }))),
    );
  }

  #seenBy(
    { number, place, saidAt }: Person,
    signs: readonly (number | undefined)[],
    { words, placeholder, intervalMs }: DiscordTalks,
  ): Talk {
    const replies = this.#discord.whatUsersSee(place).filter(({ author }) => author.kind !== 'person');
    const whole = replyTo(number, { words });
    const first = replies[0];
    const versions = replies.flatMap((reply) => reply.versions);
    const shown = versions.filter(({ content }) => content !== '' && !content.endsWith(placeholder));
    const changes = shown.filter(({ content }, index) => content !== shown[index - 1]?.content);
    const postedAt = first?.at ?? null;
    const seen = [...signs, postedAt ?? undefined].filter((at) => at !== undefined);
    return {
      saidAt,
      ackedAt: null,
      signAt: seen.length === 0 ? null : Math.min(...seen),
      postedAt,
      placeholder: first?.versions[0]?.content.endsWith(placeholder) ?? false,
      shownAt: changes.map(({ at }) => at),
      wholeAt: shown.find(({ content }) => content.endsWith(whole))?.at ?? null,
      intervalMs,
      messages: replies.length,
    };
  }
}
