import { isSlackWanted } from '../adapters/slack/slack-setup.js';
import type { LoadedConfig } from '../config/load.js';
import type { AdapterFactory } from './core.js';

/** Discord and Slack, where their tokens are set; their libraries are loaded only then. */
export async function chatPlatforms({ secrets }: LoadedConfig): Promise<AdapterFactory> {
  const token = secrets.DISCORD_TOKEN;
  const discord = token ? await import('../adapters/discord/discord-adapter.js') : null;
  const slack = isSlackWanted(secrets) ? await import('../adapters/slack/slack-adapter.js') : null;
  return (services) => [
    ...(discord && token ? [new discord.DiscordAdapter({ services, token })] : []),
    ...(slack ? [new slack.SlackAdapter({ services, secrets })] : []),
  ];
}
