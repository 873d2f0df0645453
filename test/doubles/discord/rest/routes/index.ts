import type { Route } from '../call.js';
import { applicationRoutes } from './applications.js';
import { channelRoutes } from './channels.js';
import { commandRoutes } from './commands.js';
import { gatewayRoutes } from './gateway.js';
import { guildRoutes } from './guilds.js';
import { interactionRoutes } from './interactions.js';
import { messageRoutes } from './messages.js';
import { reactionRoutes } from './reactions.js';
import { threadRoutes } from './threads.js';
import { userRoutes } from './users.js';
import { webhookMessageRoutes } from './webhook-messages.js';
import { webhookRoutes } from './webhooks.js';

/** Every route; where two patterns fit a path, the first one counts. */
export const routes: readonly Route[] = [
  ...gatewayRoutes,
  ...applicationRoutes,
  ...commandRoutes,
  ...userRoutes,
  ...guildRoutes,
  ...threadRoutes,
  ...reactionRoutes,
  ...messageRoutes,
  ...channelRoutes,
  ...webhookMessageRoutes,
  ...webhookRoutes,
  ...interactionRoutes,
];
