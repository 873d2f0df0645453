import { ApiError } from '../api-error.js';
import { type Cloud, type Json, type Team, usualScopes } from '../cloud.js';
import type { OpenCall } from '../method.js';

/** Life of a rotating access token, s. */
const accessLifeS = 43_200;

function checkClient({ args, basic, cloud }: OpenCall): void {
  const id = basic?.[0] ?? args.text('client_id');
  const secret = basic?.[1] ?? args.text('client_secret');
  if (id !== cloud.app.clientId) throw new ApiError('invalid_client_id');
  if (secret !== cloud.app.clientSecret) throw new ApiError('bad_client_secret');
}

/** A fresh bot token, with a refresh token where the app rotates. */
function grant(cloud: Cloud, team: Team, orgWide: boolean): Json {
  const value = cloud.id(cloud.app.tokenRotation ? 'xoxe.xoxb-' : 'xoxb-');
  const enterprise = orgWide ? (team.enterprise ?? cloud.id('E')) : undefined;
  const rotating = cloud.app.tokenRotation ? { expiresAt: cloud.clock.now() + accessLifeS * 1000 } : {};
  cloud.addToken('bot', value, orgWide ? null : team, usualScopes, {
    ...rotating,
    ...(enterprise ? { enterprise } : {}),
  });
  team.installed = true;
  if (!cloud.app.tokenRotation) return { access_token: value, token_type: 'bot' };
  const refresh = cloud.id('xoxe-1-');
  cloud.refreshTokens.set(refresh, value);
  return { access_token: value, token_type: 'bot', refresh_token: refresh, expires_in: accessLifeS };
}

/** `oauth.v2.access`: a code for a token, or a refresh token for the next pair. */
export function oauthAccess(call: OpenCall): Json {
  const { args, cloud } = call;
  checkClient(call);
  if (args.text('grant_type') === 'refresh_token') return refresh(call);
  const code = args.need('code', 'invalid_code');
  const consent = cloud.codes.get(code);
  if (!consent) throw new ApiError('invalid_code');
  cloud.codes.delete(code);
  const { team, orgWide } = consent;
  const installer = [...team.users.values()].find((user) => !user.isBot);
  const granted = grant(cloud, team, orgWide);
  const enterprise = orgWide ? { id: team.enterprise ?? 'E', name: 'Enterprise' } : null;
  return {
    ...granted,
    scope: usualScopes.join(','),
    bot_user_id: team.botUser,
    app_id: cloud.app.id,
    team: orgWide ? null : { id: team.id, name: team.name },
    enterprise,
    is_enterprise_install: orgWide,
    authed_user: { id: installer?.id ?? 'U0INSTALLER' },
  };
}

function refresh({ args, cloud }: OpenCall): Json {
  const given = args.need('refresh_token', 'invalid_refresh_token');
  const current = cloud.refreshTokens.get(given);
  const token = current === undefined ? undefined : cloud.tokens.get(current);
  if (!token) throw new ApiError('invalid_refresh_token');
  if (token.refused) throw new ApiError(token.refused);
  cloud.refreshTokens.delete(given);
  const team = token.team ?? [...cloud.teams.values()].find((known) => known.enterprise === token.enterprise);
  if (!team) throw new ApiError('invalid_refresh_token');
  return {
    ...grant(cloud, team, token.team === null),
    scope: usualScopes.join(','),
    bot_user_id: team.botUser,
    app_id: cloud.app.id,
    team: { id: team.id, name: team.name },
    enterprise: null,
    is_enterprise_install: token.team === null,
  };
}
