import { z } from 'zod';
import { reasonOf } from '../../../config/errors.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { removeConversation } from '../../../src/commands/conversation.js';
import { removeSettings } from '../../../src/commands/settings.js';
import { exclusively } from '../../../src/state/exclusively.js';
import { discordCommunity } from '../ids.js';

const dueKey = 'discord:erasures';
const dueSchema = z.record(z.string(), z.number());
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

  constructor(services: CommandServices) {
    this.#services = services;
  }

  start(): void {
    this.#timer = setInterval(() => this.#queueSweep(), sweepMs);
    this.#timer.unref();
    this.#queueSweep();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** The bot was removed. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async left(guild: string): Promise<void> {
    const { clock, config, logger } = this.#services;
    const hours = config.discord.eraseAfterRemovalHours;
    const at = clock.now() + hours * 3_600_000;
    await this.#change((due) => ({ ...due, [guild]: due[guild] ?? at }));
    logger.warn(
      { guild, hours },
      'the bot was removed from a server; its conversations are erased when the time is over',
    );
  }

  /** The bot is (again) in a server: nothing of it is erased. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async back(guild: string): Promise<void> {
    if ((await this.#due())[guild] === undefined) return;
    await this.#change(without(guild));
    this.#services.logger.info({ guild }, 'the bot is back in a server; its conversations stay');
  }

  /** Erases what is due. @throws RapportError RAPPORT_E_STORE_UNAVAILABLE */
  async sweep(): Promise<void> {
    const { clock, logger } = this.#services;
    for (const [guild, at] of Object.entries(await this.#due())) {
      if (at > clock.now()) continue;
      const conversations = await this.#erase(guild);
      await this.#change(without(guild));
      logger.info({ guild, conversations }, 'what was said in a server that removed the bot was erased');
    }
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
    const text = await this.#services.store.platform.get(dueKey);
    return text === null ? {} : dueSchema.parse(JSON.parse(text) as unknown);
  }

  #change(change: (due: Due) => Due): Promise<void> {
    return exclusively(this.#services, 'discord:erasures', async () => {
      await this.#services.store.platform.set(dueKey, JSON.stringify(change(await this.#due())));
    });
  }
}

const without =
  (guild: string) =>
  (due: Due): Due => {
    const { [guild]: _, ...others } = due;
    return others;
  };
