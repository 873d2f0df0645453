export { Discord, startDiscord } from './discord.js';
export { DoubleClock } from './double-clock.js';
export type { DiscordOptions } from './options.js';
export type { SeenMessage } from './view.js';
