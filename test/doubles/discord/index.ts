export { Discord, startDiscord } from './discord.js';
export { DoubleClock } from './double-clock.js';
export type { Stage } from './gateway/control.js';
export type { DiscordOptions } from './options.js';
export type { Interaction, InteractionState } from './people/interact.js';
export { type Channel, type Guild, type Ref, type User, usualBotPermissions } from './people/places.js';
export type { LoggedRequest } from './rest/server.js';
export type { SeenMessage } from './view.js';
