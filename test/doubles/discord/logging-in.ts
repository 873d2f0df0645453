import { REST } from '@discordjs/rest';
import { Client, type ClientOptions, Events, GatewayIntentBits, type Message } from 'discord.js';
import type { RemoteAddress } from './remote.js';

/** Intents that need no privilege and cover messages. */
export const plainIntents: readonly GatewayIntentBits[] = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.GuildMessageReactions,
];

/** The classic Client, logged in to the double and ready. */
export async function login(
  discord: Pick<RemoteAddress, 'apiUrl' | 'token'>,
  options: Partial<ClientOptions> = {},
): Promise<Client<true>> {
  const client = newClient(discord, options);
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  return ready;
}

/** The classic Client, pointed at the double and nothing else. */
export function newClient(
  discord: Pick<RemoteAddress, 'apiUrl' | 'token'>,
  options: Partial<ClientOptions> = {},
): Client {
  return new Client({
    intents: [...plainIntents],
    rest: { api: discord.apiUrl, version: '10' },
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => undefined }) },
    waitGuildTimeout: 500,
    ...options,
  });
}

/** The next message the client is told of that fits. */
export function nextMessage(
  client: Client,
  fits: (message: Message) => boolean = () => true,
): Promise<Message> {
  return new Promise((resolve) => {
    const listen = (message: Message): void => {
      if (!fits(message)) return;
      client.off(Events.MessageCreate, listen);
      resolve(message);
    };
    client.on(Events.MessageCreate, listen);
  });
}

/** A REST client with the bot's token. */
export function restOf(discord: Pick<RemoteAddress, 'apiUrl' | 'token'>): REST {
  return new REST({ api: discord.apiUrl, version: '10', retries: 0 }).setToken(discord.token);
}
