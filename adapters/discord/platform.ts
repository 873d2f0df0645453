import { z } from 'zod';
import { ms, url } from '../../config/schema.js';
import type { Platform } from '../platform.js';

const discordConfig = z.strictObject({
  /** `auto`, a count, or `ids/count` (`0-3/8`, `0,2/4`) where several machines share the shards. */
  shards: z.union([
    z.int().min(1),
    z.string().regex(/^(auto|\d+|\d+(-\d+)?(,\d+(-\d+)?)*\/\d+)$/, 'auto, a count, or ids/count as in 0-3/8'),
  ]),
  messageContent: z.enum(['auto', 'never']),
  faces: z.enum(['auto', 'webhook', 'prefix']),
  editIntervalMs: z.int().min(1_000),
  placeholderAfterMs: ms,
  requestsPerSecond: z.strictObject({ bot: z.int().min(10), webhooks: z.int().min(10) }),
  backfillMinutes: z.int().min(0).max(1_440),
  eraseAfterRemovalHours: z.number().min(0).max(8_760),
  proxyBots: z.array(z.string().regex(/^\d{15,21}$/, 'the id of an application')),
  commandGuilds: z.array(z.string().regex(/^\d{15,21}$/, 'the id of a server')),
  apiUrl: url,
  cdnHosts: z.array(z.string().min(1)),
});

declare module '../../config/schema.js' {
  interface PlatformSettings {
    readonly discord: z.infer<typeof discordConfig>;
  }
}

export const discord: Platform = {
  name: 'discord',
  title: 'Discord',
  configSchema: discordConfig,
  secrets: ['DISCORD_TOKEN'],
  environment: [
    {
      variable: 'DISCORD_SHARDS',
      path: ['discord', 'shards'],
      kind: 'number',
      help: 'auto, a number of shards, or ids/count as in 0-3/8 (default auto)',
    },
    {
      variable: 'DISCORD_API_URL',
      path: ['discord', 'apiUrl'],
      kind: 'text',
      help: "Discord's API, without the version (a proxy, or a test double)",
    },
  ],
  locale: ['discord', 'discord-chat'],
  create: async ({ services, secrets }) => {
    const token = secrets.DISCORD_TOKEN;
    if (token === undefined) return null;
    const { DiscordAdapter } = await import('./discord-adapter.js');
    return new DiscordAdapter({ services, token });
  },
  doctor: async (loaded) => (await import('./doctor.js')).discordChecks(loaded),
  personData: { example: 'discord:<user id>' },
};
