import type { Route } from '../call.js';
import { channelRoutes } from './channels.js';
import { gatewayRoutes } from './gateway.js';
import { messageRoutes } from './messages.js';
import { threadRoutes } from './threads.js';
import { userRoutes } from './users.js';

/** Every route; where two patterns fit a path, the first one counts. */
export const routes: readonly Route[] = [
  ...gatewayRoutes,
  ...userRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...threadRoutes,
];
