import { ApiError } from '../api-error.js';
import type { Json } from '../cloud.js';
import type { Method } from '../method.js';

export const appMethods: Record<string, Method> = {
  'auth.test': {
    tier: 'none',
    scopes: [],
    run: ({ cloud, team, token }): Json =>
      token.kind === 'app'
        ? { app_name: 'Rapport', app_id: cloud.app.id }
        : {
            url: `https://${team.name}.slack.com/`,
            team: team.name,
            team_id: team.id,
            user: 'rapport',
            user_id: team.botUser,
            bot_id: team.botId,
            is_enterprise_install: token.enterprise !== null,
            ...(token.enterprise ? { enterprise_id: token.enterprise } : {}),
          },
  },
  'auth.revoke': {
    tier: 3,
    scopes: [],
    run: ({ args, token }): Json => {
      if (!args.flag('test')) token.refused = 'token_revoked';
      return { revoked: !args.flag('test') };
    },
  },
  'apps.connections.open': {
    tier: 'none',
    token: 'app',
    scopes: ['connections:write'],
    run: ({ cloud, events }): Json => ({
      url: `${cloud.origin.replace('http', 'ws')}/link/?ticket=${events.ticket()}`,
    }),
  },
  'apps.uninstall': {
    tier: 1,
    scopes: [],
    run: ({ args, cloud, events, team }): Json => {
      if (args.text('client_id') !== cloud.app.clientId) throw new ApiError('invalid_client_id');
      if (args.text('client_secret') !== cloud.app.clientSecret) throw new ApiError('bad_client_secret');
      events.uninstalled(team);
      return {};
    },
  },
};
