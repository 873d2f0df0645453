import { type Discord, startDiscord } from '../test/doubles/discord/index.js';
import { serveCalls } from './crowd/calls.js';
import { DiscordPeople, type DiscordTalks, type DiscordTraffic } from './crowd/discord-people.js';
import type { Talk } from './crowd/talk.js';

/** Discord and the people on it, in a process of their own. */
export type DiscordCrowd = {
  start: {
    /** Requests a second that the bot is granted with its token, and by webhooks. */
    given: { readonly requestsPerSecond: number };
    answer: { readonly apiUrl: string; readonly token: string };
  };
  invite: { given: number; answer: number };
  ping: { given: null; answer: null };
  gather: { given: number; answer: null };
  talk: { given: DiscordTalks; answer: null };
  report: {
    given: DiscordTalks;
    answer: { readonly talks: readonly Talk[]; readonly traffic: DiscordTraffic };
  };
};

let world: { readonly discord: Discord; readonly people: DiscordPeople } | null = null;

function started(): NonNullable<typeof world> {
  if (!world) throw new Error('Discord was not started');
  return world;
}

serveCalls<DiscordCrowd>({
  start: async ({ requestsPerSecond }) => {
    const discord = await startDiscord({
      rateLimits: {
        global: { limit: requestsPerSecond, windowMs: 1_000 },
        address: { limit: requestsPerSecond, windowMs: 1_000 },
      },
    });
    world = { discord, people: new DiscordPeople(discord) };
    return { apiUrl: discord.apiUrl, token: discord.token };
  },
  invite: (guilds) => started().people.invite(guilds),
  ping: async () => {
    await started().people.ping();
    return null;
  },
  gather: async (conversations) => {
    await started().people.gather(conversations);
    return null;
  },
  talk: async (options) => {
    await started().people.talk(options);
    return null;
  },
  report: (options) => ({
    talks: started().people.talks(options),
    traffic: started().people.traffic(),
  }),
});
