import { stringify } from 'yaml';
import type { LoadedConfig } from '../../../config/load.js';
import { readLocale, type Say } from '../../../config/locale.js';
import { shortcutIds } from '../actions/action-ids.js';
import { paths } from '../connection/http-intake.js';
import { suggestedPrompts } from '../intake/suggested-prompts.js';

/** What the bot may do, and what each right is for. */
export const scopeReasons = {
  'app_mentions:read': 'to hear when somebody mentions the app',
  'assistant:write': 'to suggest how to begin, in the agent view',
  'channels:history': 'to read replies in threads that a character takes part in (public channels)',
  'chat:write': 'to answer, and to show that an answer is on its way',
  'chat:write.customize': "to answer under the character's name and face",
  commands: 'for /rapport and the shortcuts',
  'files:read': 'to read text files that people send',
  'files:write': 'to hand people their data as a file',
  'groups:history': 'to read replies in threads that a character takes part in (private channels)',
  'im:history': 'to read direct messages to the app',
  'im:write': 'to open a direct message when somebody picks a character',
  'mpim:history': 'to read replies in threads that a character takes part in (group messages)',
  'users:read': 'to call people by their names, and to know who administers the workspace',
} as const;

export type BotScope = keyof typeof scopeReasons;

/** The scopes in the order of the manifest. */
export const botScopes = Object.keys(scopeReasons) as BotScope[];

/** Without these nothing works; without the others something does not. */
export const requiredScopes: readonly BotScope[] = [
  'chat:write',
  'im:history',
  'im:write',
  'app_mentions:read',
  'users:read',
];

export interface ManifestOptions {
  readonly mode: 'socket' | 'http';
  /** The https address under which Slack reaches the port; needed in HTTP mode and for installations. */
  readonly publicUrl: string;
  /** Workspaces install the app themselves: for a whole organisation too, with tokens that rotate. */
  readonly oauth: boolean;
}

/** The command people type; an administrator may rename it. */
const commandName = '/rapport';

/** What the app hears of. */
const events = [
  'agent_session_stopped',
  'app_context_changed',
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
  'tokens_revoked',
] as const;
/** What concerns organisations only. */
const organisationEvents = ['team_access_granted', 'team_access_revoked'] as const;

/** The Slack app, as its settings page takes it (app manifest schema 2.1). */
export function slackManifest(
  say: Say,
  { mode, publicUrl, oauth }: ManifestOptions,
): Record<string, unknown> {
  const http = mode === 'http';
  const requests = http ? new URL(paths.events, publicUrl || 'https://rapport.example.com').href : '';
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: say('slack.manifest.name'),
      description: say('slack.manifest.description'),
      long_description: say('slack.manifest.longDescription'),
      background_color: '#4a154b',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      agent_view: {
        agent_description: say('slack.manifest.agentDescription'),
        suggested_prompts: suggestedPrompts(say),
      },
      bot_user: { display_name: say('slack.manifest.name'), always_online: true },
      shortcuts: [
        {
          name: say('slack.manifest.find.name'),
          type: 'global',
          callback_id: shortcutIds.match,
          description: say('slack.manifest.find.description'),
        },
        {
          name: say('slack.manifest.ask.name'),
          type: 'message',
          callback_id: shortcutIds.ask,
          description: say('slack.manifest.ask.description'),
        },
        {
          name: say('slack.manifest.why.name'),
          type: 'message',
          callback_id: shortcutIds.why,
          description: say('slack.manifest.why.description'),
        },
      ],
      slash_commands: [
        {
          command: commandName,
          description: say('slack.manifest.command'),
          usage_hint: say('slack.manifest.usageHint'),
          should_escape: false,
          ...(http && { url: requests }),
        },
      ],
    },
    oauth_config: {
      ...(oauth && {
        redirect_urls: [new URL(paths.redirect, publicUrl || 'https://rapport.example.com').href],
      }),
      scopes: { bot: [...botScopes] },
    },
    settings: {
      event_subscriptions: {
        ...(http && { request_url: requests }),
        bot_events: oauth ? [...events, ...organisationEvents].sort() : [...events],
      },
      interactivity: {
        is_enabled: true,
        ...(http && { request_url: requests, message_menu_options_url: requests }),
      },
      org_deploy_enabled: oauth,
      socket_mode_enabled: !http,
      token_rotation_enabled: oauth,
    },
  };
}

/** The manifest as it is pasted into Slack. */
export const manifestYaml = (say: Say, options: ManifestOptions): string =>
  stringify(slackManifest(say, options), { lineWidth: 110 });

const head = `# The Slack app: paste this at https://api.slack.com/apps, "Create New App", "From a manifest" (docs/slack.md).
# Written by \`node scripts/slack-manifest.mjs\`; \`rapport doctor --manifest\` prints the one that fits your own settings.
`;

/** The text of deploy/slack-manifest.yaml: one workspace, Socket Mode. */
export function manifestFile(): string {
  const usual: ManifestOptions = { mode: 'socket', publicUrl: '', oauth: false };
  return head + manifestYaml(readLocale('en', ['slack']).say, usual);
}

/** The manifest that fits an operator's settings. */
export function ownManifest({ config, secrets }: LoadedConfig): string {
  const { mode, publicUrl } = config.slack;
  const oauth = secrets.SLACK_CLIENT_ID !== undefined;
  return manifestYaml(readLocale(config.locale, ['slack']).say, { mode, publicUrl, oauth });
}
