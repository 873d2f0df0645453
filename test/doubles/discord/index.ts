/**
 * Discord on one loopback port, for tests and benchmarks: gateway and REST as real clients speak them (API v10).
 *
 *     const discord = await startDiscord();                    // options.ts
 *     const ada = discord.addUser({ username: 'ada' });        // people/places.ts builds places and rights
 *     const general = discord.addChannel(discord.addGuild({ members: [ada] }));
 *     // … log a client in with discord.apiUrl and discord.token …
 *     discord.say(ada, general, 'hello', { mention: true });   // people/talk.ts: what people write, delete, react
 *     const sent = discord.slash(ada, general, 'chat', {});    // people/interact.ts: commands, buttons, menus, modals
 *     await discord.answered(sent);
 *     discord.whatUsersSee(general);                           // view.ts; discord.until(…) waits for anything
 *     discord.faults.dropResponse({ method: 'POST' });         // rest/faults.ts; discord.requests is the log
 *     discord.gateway.dropAll();                               // gateway/gateway.ts, and gateway.control (control.ts)
 *     discord.advance(900_000);                                // the double's clock: tokens, nonces, limits
 *     await discord.close();                                   // throws what went wrong inside the double
 *
 * `world/` holds the state and what happens in it, `rest/` and `gateway/` speak of it to clients, `people/` lets tests act.
 * `forkDiscord` (child.ts) runs it as a process of its own. Its figures (limits, times, error codes) are Discord's
 * documented ones; where Discord publishes none they are those its users report, and every one can be set.
 */
export { type Discord, startDiscord } from './discord.js';
export { DoubleClock } from './double-clock.js';
export type { DiscordOptions } from './options.js';
export type { Channel, Guild, User } from './people/places.js';
export type { SeenMessage } from './view.js';
