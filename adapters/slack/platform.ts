import { z } from 'zod';
import { ms, url } from '../../config/schema.js';
import type { Platform } from '../platform.js';
import { isSlackWanted, slackSecrets } from './slack-setup.js';

const slackConfig = z.strictObject({
  mode: z.enum(['socket', 'http']),
  sockets: z.int().min(1).max(10),
  host: z.string().min(1),
  port: z.int().min(0).max(65_535),
  publicUrl: z.union([url, z.literal('')]),
  apiUrl: url,
  dmReplies: z.enum(['thread', 'flat']),
  threadReplies: z.enum(['all', 'mentions']),
  streaming: z.boolean(),
  editIntervalMs: ms,
  appendIntervalMs: ms,
  callTimeoutMs: ms,
  eraseAfterUninstallHours: z.number().min(0).max(8_760),
});

declare module '../../config/schema.js' {
  interface PlatformSettings {
    readonly slack: z.infer<typeof slackConfig>;
  }
}

export const slack: Platform = {
  name: 'slack',
  title: 'Slack',
  configSchema: slackConfig,
  secrets: slackSecrets,
  environment: [
    {
      variable: 'SLACK_MODE',
      path: ['slack', 'mode'],
      kind: 'text',
      help: 'socket (default) or http',
    },
    {
      variable: 'SLACK_HOST',
      path: ['slack', 'host'],
      kind: 'text',
      help: "address of Slack's HTTP mode and install pages (default 127.0.0.1)",
    },
    {
      variable: 'SLACK_PORT',
      path: ['slack', 'port'],
      kind: 'number',
      help: "port of Slack's HTTP mode and install pages (default 3001)",
    },
    {
      variable: 'SLACK_PUBLIC_URL',
      path: ['slack', 'publicUrl'],
      kind: 'text',
      help: 'https address under which Slack reaches that port',
    },
  ],
  locale: ['slack'],
  create: async ({ services, secrets }) => {
    if (!isSlackWanted(secrets)) return null;
    const { SlackAdapter } = await import('./slack-adapter.js');
    return new SlackAdapter({ services, secrets });
  },
  doctor: async (loaded, openStore) => (await import('./doctor.js')).slackChecks(loaded, openStore),
  personData: { example: 'slack:<workspace id>:<user id>' },
};
