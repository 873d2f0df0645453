import { PermissionFlagsBits } from 'discord-api-types/v10';
import type { Store } from '../../../../src/state/store.js';
import { type Discord, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { temporaryStore } from '../../../session/world.js';
import { Bot, type BotOptions } from './bot.js';

/** A server with a channel, two people and a moderator, and a running bot. */
export interface Scene {
  readonly discord: Discord;
  readonly store: Store;
  readonly guild: Guild;
  readonly channel: Channel;
  readonly ana: User;
  readonly ben: User;
  /** May manage the server and its messages. */
  readonly mod: User;
  bot: Bot;
  /** The process ends and another begins. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openScene(options: Omit<BotOptions, 'store'> & { store?: Store } = {}): Promise<Scene> {
  const discord = await startDiscord();
  const { store, dispose } = await temporaryStore(discord.clock);
  const ana = discord.addUser({ username: 'ana' });
  const ben = discord.addUser({ username: 'ben' });
  const mod = discord.addUser({ username: 'mod' });
  const guild = discord.addGuild({ members: [ana, ben, mod] });
  discord.grant(mod, guild, PermissionFlagsBits.ManageGuild | PermissionFlagsBits.ManageMessages);
  const channel = discord.addChannel(guild, { name: 'general' });
  const begin = async (): Promise<Bot> => {
    const bot = new Bot(discord, { store, ...options });
    await bot.start();
    return bot;
  };
  const scene: Scene = {
    discord,
    store,
    guild,
    channel,
    ana,
    ben,
    mod,
    bot: await begin(),
    restart: async () => {
      await scene.bot.stop();
      scene.bot = await begin();
    },
    close: async () => {
      await scene.bot.stop();
      await dispose();
      await discord.close();
    },
  };
  return scene;
}
