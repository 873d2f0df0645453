import { ApplicationFlags } from 'discord-api-types/v10';
import type { World } from '../../world/world.js';

/** Whether REST shows the bot what messages say that are not for it: the application has the MessageContent privilege. */
export function canReadContent(world: World): boolean {
  const grant = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;
  return (world.application.flags & grant) !== 0;
}
