import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Discord, startDiscord } from '../../doubles/discord/index.js';
import { say } from '../../session/world.js';
import { type Bot, startBot } from './bot.js';
import { ours } from './on-screen.js';

let discord: Discord;
let bot: Bot;
beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false, privilegedIntents: [] });
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

it.each(['message', 'command'])(
  'by a %s somebody asks for a human being: a channel is told who, and not what they wrote; one takes it',
  async (way) => {
    const ada = discord.addUser({ username: 'ada' });
    const helper = discord.addUser({ username: 'helper' });
    const team = discord.addChannel(discord.addGuild({ members: [helper] }));
    const to = [{ discord: team.id }];
    bot = await startBot({ discord, humans: { to, note: false, escalateMinutes: 10 } });
    const dm = discord.dm(ada);
    if (way === 'message') discord.say(ada, dm, '!human I am so alone');
    else discord.slash(ada, dm, 'human', { note: 'I am so\nalone' });
    const alert = await discord.until(() => ours(discord, team)[0]);
    expect(alert.text).toContain(`<@${ada.id}>`);
    expect(alert.text).not.toContain('alone');
    expect(alert.buttons.map(({ label }) => label)).toEqual(['I take it']);
    await discord.until(() => ours(discord, dm).some(({ text }) => text.includes(say('care.human.told'))));
    discord.press(helper, alert, 'I take it');
    await discord.until(() => ours(discord, team)[0]?.buttons[0]?.label?.includes('Taken by'));
    await discord.until(() => ours(discord, dm).some(({ text }) => text.includes(say('care.human.taken'))));
    expect(JSON.stringify(bot.log)).not.toContain('alone');
  },
);
