import { z } from 'zod';
import { reasonOf } from '../../../config/errors.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { removeConversation } from '../../../src/commands/conversation.js';
import { removeSettings } from '../../../src/commands/settings.js';
import { exclusively } from '../../../src/state/exclusively.js';
import { discordCommunity } from '../ids.js';

const dueKey = 'discord:erasures';
const dueSchema = z.record(z.string(), z.number());
/** The servers the bot is in, as far as it has been told; so that it is seen which of them went while it was away. */
const guildsKey = 'discord:guilds';
const guildsSchema = z.array(z.string());
/** How often it is looked for what is due, ms. */
const sweepMs = 60_000;
/** People and conversations looked through at once. */
const maxPeople = 1_000_000;
const pageSize = 100;

type Due = Readonly<Record<string, number>>;

/**
 * Servers that removed the bot: after a stated delay the conversations held there go, and what their administrators set. People
 * stay who they are everywhere else. What is due is in the store, so that a restart forgets nothing.
 */
export class Departures {
  readonly #services: CommandServices;
  #timer: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> = Promise.resolve();
  /** What stood last under {@link guildsKey}. */
  #known: ReadonlySet<string> = new Set();

  /** The shards that have told, and how many there are; 0 until one has. */
  readonly #told = new Set<number>();
  #shards = 0;
  /** Where the bot was seen since the start. */
  readonly #here = new Set<string>();

  constructor(services: CommandServices) {
    this.#services = services;
  }

  /** Looks for what is due, from when Discord has told where the bot is: before, it may be back in a server that is due. */
  start(): void {
    this.#timer = setInterval(() => this.#queueSweep(), sweepMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** The bot was removed. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async left(guild: string): Promise<void> {
    this.#here.delete(guild);
    const { clock, config, logger } = this.#services;
    const hours = config.discord.eraseAfterRemovalHours;
    const at = clock.now() + hours * 3_600_000;
    await this.#change((due) => ({ ...due, [guild]: due[guild] ?? at }));
    // Only now, so that a crash in between forgets nothing.
    await this.#changeGuilds((known) => known.filter((other) => other !== guild));
    logger.warn(
      { guild, hours },
      'the bot was removed from a server; its conversations are erased when the time is over',
    );
  }

  /**
   * A shard was let in and told in which servers the bot is: one that it knew and that is not among them removed the bot while
   * it was away.
   * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE
   */
  async arrived(
    guilds: readonly string[],
    shard: { readonly id: number; readonly count: number },
  ): Promise<void> {
    const here = new Set(guilds);
    for (const guild of guilds) this.#here.add(guild);
    let gone: string[] = [];
    await this.#changeGuilds((known) => {
      gone = known.filter((guild) => shardOf(guild, shard.count) === shard.id && !here.has(guild));
      return [...known, ...guilds];
    });
    for (const guild of gone) await this.left(guild);
    const due = await this.#due();
    const returned = guilds.filter((guild) => due[guild] !== undefined);
    if (returned.length > 0)
      await this.#change((all) => returned.reduce((rest, one) => without(one)(rest), all));
    for (const guild of returned)
      this.#services.logger.info({ guild }, 'the bot is back in a server; its conversations stay');
    this.#hasTold(shard);
    this.#queueSweep();
  }

  /** The bot is (again) in a server: nothing of it is erased. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async back(guild: string): Promise<void> {
    this.#here.add(guild);
    if (!this.#known.has(guild)) await this.#changeGuilds((known) => [...known, guild]);
    if ((await this.#due())[guild] === undefined) return;
    await this.#change(without(guild));
    this.#services.logger.info({ guild }, 'the bot is back in a server; its conversations stay');
  }

  /** Erases what is due. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async sweep(): Promise<void> {
    const { clock, logger } = this.#services;
    for (const [guild, at] of Object.entries(await this.#due())) {
      if (at > clock.now() || !this.#isTold(guild) || this.#here.has(guild)) continue;
      // It may be back since.
      if ((await this.#due())[guild] !== at) continue;
      const conversations = await this.#erase(guild);
      await this.#change(without(guild));
      logger.info({ guild, conversations }, 'what was said in a server that removed the bot was erased');
    }
  }

  /** A shard went on where it had left off: Discord tells only what changed meanwhile, and has told it. */
  resumed(shard: { readonly id: number; readonly count: number }): void {
    this.#hasTold(shard);
    this.#queueSweep();
  }

  #hasTold({ id, count }: { readonly id: number; readonly count: number }): void {
    if (count !== this.#shards) this.#told.clear();
    this.#shards = count;
    this.#told.add(id);
  }

  /** Whether the shard that tells of a server has told where the bot is. */
  #isTold(guild: string): boolean {
    return this.#shards > 0 && this.#told.has(shardOf(guild, this.#shards));
  }

  async #erase(guild: string): Promise<number> {
    const { store } = this.#services;
    let erased = 0;
    for (const person of await store.people.list('discord:', maxPeople)) {
      for (let offset = 0; ; offset += pageSize) {
        const page = await store.sessions.list(person, { limit: pageSize, offset });
        let gone = 0;
        for (const { id } of page) {
          const address = (await store.sessions.get(id))?.address;
          if (address?.platform !== 'discord' || address.guild !== guild) continue;
          if (await removeConversation(this.#services, id)) gone += 1;
        }
        erased += gone;
        if (page.length < pageSize) break;
        offset -= gone;
      }
    }
    await removeSettings(this.#services, discordCommunity(guild));
    return erased;
  }

  #queueSweep(): void {
    this.#sweeping = this.#sweeping
      .then(() => this.sweep())
      .catch((error: unknown) =>
        this.#services.logger.warn(
          { reason: reasonOf(error) },
          'erasing what was said in servers that removed the bot failed; it is tried again',
        ),
      );
  }

  async #due(): Promise<Due> {
    const text = await this.#services.store.values.get(dueKey);
    return text === null ? {} : dueSchema.parse(JSON.parse(text) as unknown);
  }

  #changeGuilds(change: (known: readonly string[]) => readonly string[]): Promise<void> {
    const { store } = this.#services;
    return exclusively(this.#services, guildsKey, async () => {
      const text = await store.values.get(guildsKey);
      const before = text === null ? await this.#spokenIn() : guildsSchema.parse(JSON.parse(text) as unknown);
      const after = [...new Set(change(before))].sort();
      const written = JSON.stringify(after);
      if (written !== text) await store.values.set(guildsKey, written);
      this.#known = new Set(after);
    });
  }

  /** The servers of all conversations; looked through once, where nothing has been noted yet. */
  async #spokenIn(): Promise<string[]> {
    const { store } = this.#services;
    const guilds = new Set<string>();
    for (const person of await store.people.list('discord:', maxPeople))
      for (let offset = 0; ; offset += pageSize) {
        const page = await store.sessions.list(person, { limit: pageSize, offset });
        for (const { id } of page) {
          const address = (await store.sessions.get(id))?.address;
          if (address?.platform === 'discord' && address.guild) guilds.add(address.guild);
        }
        if (page.length < pageSize) break;
      }
    return [...guilds];
  }

  #change(change: (due: Due) => Due): Promise<void> {
    return exclusively(this.#services, 'discord:erasures', async () => {
      await this.#services.store.values.set(dueKey, JSON.stringify(change(await this.#due())));
    });
  }
}

/** Discord's rule of which shard tells of a server (https://discord.com/developers/docs/events/gateway#sharding). */
function shardOf(guild: string, count: number): number {
  return Number((BigInt(guild) >> 22n) % BigInt(count));
}

const without =
  (guild: string) =>
  (due: Due): Due => {
    const { [guild]: _, ...others } = due;
    return others;
  };
