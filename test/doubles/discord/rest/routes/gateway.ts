import type { APIGatewayBotInfo } from 'discord-api-types/v10';
import { ok, type Route } from '../call.js';

export const gatewayRoutes: readonly Route[] = [
  { method: 'GET', path: '/gateway', auth: 'path', handle: ({ gateway }) => ok({ url: gateway.url }) },
  {
    method: 'GET',
    path: '/gateway/bot',
    auth: 'bot',
    handle: ({ gateway, options }) =>
      ok({
        url: gateway.url,
        shards: options.shards ?? 1,
        session_start_limit: gateway.starts.read(),
      } satisfies APIGatewayBotInfo),
  },
];
