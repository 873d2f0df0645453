import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pausePerson } from '../../../../src/commands/privacy.js';
import { saveSettings } from '../../../../src/commands/settings.js';
import { personId } from '../../../../src/ids.js';
import { type Discord, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { type Bot, startBot } from '../bot.js';
import { ours } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let ada: User;
let guild: Guild;
let channel: Channel;

beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
  ada = discord.addUser({ username: 'ada' });
  guild = discord.addGuild({ members: [ada] });
  channel = discord.addChannel(guild, { name: 'garden' });
  bot = await startBot({ discord, config: { editIntervalMs: 30 } });
  await discord.until(() =>
    discord.requests.some(({ method, path }) => method === 'PUT' && path.endsWith('/commands')),
  );
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

const statement = 'I want to kill myself';
const isHelp = ({ text }: { readonly text: string }): boolean => text.includes('988');
const leaveOut = (): Promise<unknown> =>
  saveSettings(bot.services, `discord:${guild.id}`, { allowedChannels: ['1'] });
const pause = (): Promise<unknown> => pausePerson(bot.services, personId(`discord:${ada.id}`), true);

describe('somebody in danger is told where there is help', () => {
  it('by a command in a channel the administrators left out', async () => {
    await leaveOut();
    const said = discord.slash(ada, channel, 'chat', { message: statement });
    await discord.until(() => discord.interaction(said).followUps.some(isHelp));
    expect(discord.interaction(said).followUps.every(({ ephemeralFor }) => ephemeralFor === ada.id)).toBe(
      true,
    );
    await discord.until(() => ours(discord, channel).every(({ ephemeralFor }) => ephemeralFor === ada.id));
  });

  it('in private by a mention in such a channel', async () => {
    await leaveOut();
    discord.say(ada, channel, statement, { mention: true });
    await discord.until(() => ours(discord, discord.dm(ada)).some(isHelp));
    expect(ours(discord, channel)).toEqual([]);
  });

  it('while they have paused, and nothing of it is kept', async () => {
    await pause();
    const said = discord.slash(ada, channel, 'chat', { message: statement });
    await discord.until(() => discord.interaction(said).followUps.some(isHelp));
    for (let n = 1; n <= 2; n += 1) {
      discord.say(ada, discord.dm(ada), statement);
      await discord.until(() => ours(discord, discord.dm(ada)).filter(isHelp).length === n);
    }
    const kept = await bot.store.people.export(personId(`discord:${ada.id}`), 0);
    expect(kept.sessions).toEqual([]);
    expect(kept.waiting).toEqual([]);
  });

  it('when the replies of the day are used up', async () => {
    await saveSettings(bot.services, `discord:${guild.id}`, { dailyReplies: 1 });
    discord.say(ada, channel, 'hello', { mention: true });
    const call = discord.say(ada, channel, 'hello again', { mention: true });
    await discord.until(() => ours(discord, channel).some(({ replyTo }) => replyTo === call.id));
    const cry = discord.say(ada, channel, statement, { mention: true });
    await discord.until(() => ours(discord, cry.id).some(isHelp));
  });
});
