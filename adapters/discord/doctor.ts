import { DiscordAPIError, HTTPError, REST } from '@discordjs/rest';
import {
  type APIApplication,
  type APIGatewayBotInfo,
  type APIUser,
  ApplicationFlags,
  ApplicationIntegrationType,
  PermissionFlagsBits,
  Routes,
} from 'discord-api-types/v10';
import { reasonOf } from '../../config/errors.js';
import type { LoadedConfig } from '../../config/load.js';
import type { Check } from '../platform.js';

/** One permission the bot uses, by Discord's own label. */
export interface WantedPermission {
  readonly bit: bigint;
  readonly label: string;
}

/** What an installation asks for; docs/discord.md says what each is for. */
export const wantedPermissions: readonly WantedPermission[] = [
  { bit: PermissionFlagsBits.ViewChannel, label: 'View Channels' },
  { bit: PermissionFlagsBits.SendMessages, label: 'Send Messages' },
  { bit: PermissionFlagsBits.CreatePublicThreads, label: 'Create Public Threads' },
  { bit: PermissionFlagsBits.CreatePrivateThreads, label: 'Create Private Threads' },
  { bit: PermissionFlagsBits.SendMessagesInThreads, label: 'Send Messages in Threads' },
  { bit: PermissionFlagsBits.ReadMessageHistory, label: 'Read Message History' },
  { bit: PermissionFlagsBits.EmbedLinks, label: 'Embed Links' },
  { bit: PermissionFlagsBits.AttachFiles, label: 'Attach Files' },
  { bit: PermissionFlagsBits.ManageWebhooks, label: 'Manage Webhooks' },
];

/** Where an owner installs the bot in a server, with the permissions it uses. */
export function inviteUrl(applicationId: string): string {
  const permissions = wantedPermissions.reduce((bits, { bit }) => bits | bit, 0n);
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: 'bot applications.commands',
    permissions: String(permissions),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}

const timeoutMs = 10_000;
/** Servers named in one line. */
const maxNamed = 5;
/** IDENTIFYs that should be left of the day's thousand. */
const fewStarts = 50;

/** The token, the application's settings, the session starts that are left and the permissions in every server. */
export async function discordChecks({ config, secrets }: LoadedConfig): Promise<Check[]> {
  const name = 'Discord';
  const token = secrets.DISCORD_TOKEN;
  if (!token)
    return [
      {
        name,
        state: 'off',
        detail: 'not configured',
        cure: 'Create an application at https://discord.com/developers/applications, copy the token of its bot and set DISCORD_TOKEN (docs/discord.md). No privileged intent is needed.',
      },
    ];
  const rest = new REST({
    version: '10',
    api: config.discord.apiUrl,
    timeout: timeoutMs,
    retries: 1,
  }).setToken(token);
  try {
    const application = (await rest.get(Routes.currentApplication())) as APIApplication;
    const [user, gateway, guilds] = await Promise.all([
      rest.get(Routes.user()) as Promise<APIUser>,
      rest.get(Routes.gatewayBot()) as Promise<APIGatewayBotInfo>,
      guildsOf(rest),
    ]);
    return [
      {
        name,
        state: 'ok',
        detail: `${user.username} (application ${application.id})`,
        cure: `Invite it with ${inviteUrl(application.id)}`,
      },
      intentCheck(application),
      installCheck(application),
      startsCheck(gateway),
      guildCheck(guilds),
    ];
  } catch (error) {
    return [refusedCheck(name, error)];
  } finally {
    rest.clearHashSweeper();
    rest.clearHandlerSweeper();
  }
}

interface OwnGuild {
  readonly id: string;
  readonly name: string;
  /** Bits of the bot's permissions, overwrites of channels not counted; left out by some servers that speak Discord's protocol. */
  readonly permissions?: string;
}

/** Every server the bot is in, 200 a page. */
async function guildsOf(rest: REST): Promise<OwnGuild[]> {
  const guilds: OwnGuild[] = [];
  for (;;) {
    const query = new URLSearchParams({
      limit: '200',
      ...(guilds.length > 0 && { after: guilds.at(-1)?.id ?? '' }),
    });
    const page = (await rest.get(Routes.userGuilds(), { query })) as OwnGuild[];
    guilds.push(...page);
    if (page.length < 200) return guilds;
  }
}

function intentCheck({ id, flags }: APIApplication): Check {
  const name = 'Discord intents';
  const held = Number(flags ?? 0);
  const granted =
    (held & (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited)) !== 0;
  return granted
    ? { name, state: 'ok', detail: 'Message Content is granted: conversations in threads need no mention' }
    : {
        name,
        state: 'ok',
        detail:
          'no privileged intent: people mention the bot in threads, or reply to it; direct messages need neither',
        cure: `To talk in threads without mentions, turn on Message Content at https://discord.com/developers/applications/${id}/bot`,
      };
}

function installCheck({ id, integration_types_config: types }: APIApplication): Check {
  const name = 'Discord installation';
  const user = types?.[ApplicationIntegrationType.UserInstall] !== undefined;
  const guild = types?.[ApplicationIntegrationType.GuildInstall] !== undefined;
  const detail = `for ${[guild && 'servers', user && 'people'].filter(Boolean).join(' and ') || 'nobody'}`;
  if (guild && user) return { name, state: 'ok', detail };
  return {
    name,
    state: guild ? 'ok' : 'warning',
    detail,
    cure: `Turn on both "Guild Install" and "User Install" at https://discord.com/developers/applications/${id}/installation`,
  };
}

function startsCheck({ session_start_limit: limit, shards }: APIGatewayBotInfo): Check {
  const name = 'Discord gateway';
  const detail = `${limit.remaining} of ${limit.total} session starts left today, ${shards} shard(s) recommended`;
  if (limit.remaining >= fewStarts) return { name, state: 'ok', detail };
  return {
    name,
    state: limit.remaining > shards ? 'warning' : 'failed',
    detail,
    cure: `Something starts sessions over and over: stop other processes with this token. The count starts anew in ${Math.ceil(limit.reset_after / 3_600_000)} h.`,
  };
}

function guildCheck(guilds: readonly OwnGuild[]): Check {
  const name = 'Discord permissions';
  if (guilds.length === 0)
    return {
      name,
      state: 'warning',
      detail: 'the bot is in no server yet',
      cure: 'Open the invitation above as somebody who may manage a server.',
    };
  const lacking = guilds.flatMap(({ name: guild, permissions }) => {
    if (permissions === undefined) return [];
    const bits = BigInt(permissions);
    if ((bits & PermissionFlagsBits.Administrator) !== 0n) return [];
    const missing = wantedPermissions.filter(({ bit }) => (bits & bit) === 0n);
    return missing.length > 0 ? [`${guild}: ${missing.map(({ label }) => label).join(', ')}`] : [];
  });
  const told = guilds.filter(({ permissions }) => permissions !== undefined).length;
  if (told === 0)
    return { name, state: 'ok', detail: `Discord does not tell them for ${guilds.length} server(s)` };
  if (lacking.length === 0) return { name, state: 'ok', detail: `complete in ${told} server(s)` };
  const more = lacking.length > maxNamed ? ` and ${lacking.length - maxNamed} more` : '';
  return {
    name,
    state: 'warning',
    detail: `missing in ${lacking.length} of ${guilds.length} server(s): ${lacking.slice(0, maxNamed).join('; ')}${more}`,
    cure: 'Grant them to the bot’s role (Server Settings, Roles), or open the invitation above again.',
  };
}

function refusedCheck(name: string, error: unknown): Check {
  if (error instanceof DiscordAPIError || error instanceof HTTPError) {
    if (error.status === 401)
      return {
        name,
        state: 'failed',
        detail: 'Discord does not accept the token',
        cure: 'Copy it again (Bot, Reset Token) at https://discord.com/developers/applications and set DISCORD_TOKEN.',
      };
    return {
      name,
      state: 'failed',
      detail: `Discord answered ${error.status}: ${error.message}`,
      cure: 'Look at https://discordstatus.com, then try again.',
    };
  }
  return {
    name,
    state: 'failed',
    detail: `Discord cannot be reached: ${reasonOf(error)}`,
    cure: 'Check the network, the proxy and the clock of this machine.',
  };
}
