import { Locale } from 'discord-api-types/v10';
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

describe('the helplines are those of where somebody is', () => {
  const japanese = ({ text }: { readonly text: string }): boolean => text.includes('0120-783-556');
  const asks = ({ text }: { readonly text: string }): boolean => text.includes('write !country and its name');

  it('by the language of their client, in a command and in the messages after it', async () => {
    const yuki = discord.addUser({ username: 'yuki', locale: Locale.Japanese });
    const said = discord.slash(yuki, discord.dm(yuki), 'chat', { message: statement });
    await discord.until(() => ours(discord, discord.dm(yuki)).some(japanese));
    expect(said.userId).toBe(yuki.id);
    discord.say(yuki, discord.dm(yuki), statement);
    await discord.until(() => ours(discord, discord.dm(yuki)).filter(japanese).length === 2);
  });

  it('by the language of the server, where their client says nothing; and asked for where nothing does', async () => {
    const here = discord.say(ada, channel, statement, { mention: true });
    await discord.until(() => ours(discord, here.id).some(asks));
    const there = discord.addGuild({ members: [ada], locale: Locale.Japanese });
    const room = discord.addChannel(there, { name: 'room' });
    const elsewhere = discord.say(ada, room, statement, { mention: true });
    await discord.until(() => ours(discord, elsewhere.id).some(japanese));
  });

  it('where they say it themselves, by /country', async () => {
    const dm = discord.dm(ada);
    const offered = await discord.autocomplete(ada, dm, 'country', {
      focused: 'where',
      options: { where: 'irel' },
    });
    expect(offered).toEqual([{ name: 'Ireland', value: 'IE' }]);
    const told = discord.slash(ada, dm, 'country', { where: 'IE' });
    expect((await discord.answered(told)).text).toContain('116 123');
    discord.say(ada, dm, statement);
    await discord.until(() => ours(discord, dm).some(({ text }) => text.includes('116 123')));
    expect(ours(discord, dm).some(asks)).toBe(false);
  });

  it('also where a message tells of danger only after it was edited', async () => {
    const dm = discord.dm(ada);
    const said = discord.say(ada, dm, 'I want to');
    await discord.until(() => ours(discord, dm).some(({ text }) => text.includes('I hear you')));
    discord.edit(ada, said, statement);
    await discord.until(() => ours(discord, dm).some(isHelp));
  });
});
