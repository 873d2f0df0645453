import { type APIApplication, ApplicationIntegrationType, OAuth2Scopes } from 'discord-api-types/v10';
import { usualBotPermissions } from '../../world/permissions.js';
import { type Call, ok, type Route } from '../call.js';

export const applicationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/applications/@me',
    auth: 'bot',
    limit: 'guild',
    handle: (call) => ok(present(call)),
  },
  {
    method: 'PATCH',
    path: '/applications/@me',
    auth: 'bot',
    limit: 'guild',
    handle: (call) => ok(present(call)),
  },
  {
    method: 'GET',
    path: '/oauth2/applications/@me',
    auth: 'bot',
    limit: 'guild',
    handle: (call) => ok(present(call)),
  },
];

function present({ world, options }: Call): APIApplication {
  const { application, bot } = world;
  const types = options.integrationTypes ?? [0, 1];
  const install = {
    scopes: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands],
    permissions: usualBotPermissions.toString(),
  };
  return {
    id: application.id,
    name: application.name,
    icon: null,
    description: '',
    bot_public: application.botPublic,
    bot_require_code_grant: false,
    bot,
    summary: '',
    verify_key: '0'.repeat(64),
    team: null,
    owner: world.owner,
    flags: application.flags,
    flags_new: String(application.flags),
    install_params: install,
    integration_types_config: {
      ...(types.includes(0)
        ? { [ApplicationIntegrationType.GuildInstall]: { oauth2_install_params: install } }
        : {}),
      ...(types.includes(1)
        ? {
            [ApplicationIntegrationType.UserInstall]: {
              oauth2_install_params: { scopes: [OAuth2Scopes.ApplicationsCommands], permissions: '0' },
            },
          }
        : {}),
    },
    approximate_guild_count: world.botGuilds().length,
    approximate_user_install_count: world.userInstalls.size,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    tags: ['chat'],
  };
}
