import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Discord, startDiscord } from '../../doubles/discord/index.js';
import { type Bot, startBot } from './bot.js';

let discord: Discord;
let bot: Bot;

beforeEach(async () => {
  discord = await startDiscord();
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

describe('a direct message', () => {
  it('is answered by a character, with the disclosure, and buttons on its end', async () => {
    const ada = discord.addUser({ username: 'ada' });
    const dm = discord.dm(ada);
    bot = await startBot({ discord });
    discord.say(ada, dm, 'I lost my job and cannot sleep');
    const reply = await discord.until(() =>
      discord.whatUsersSee(dm).find(({ text, buttons }) => text.includes('Tell me more.') && buttons.length > 1),
    );
    expect(reply.author.kind).toBe('bot');
    expect(reply.text).toMatch(/is an AI character/);
    expect(reply.pings).toMatchObject({ users: [] });
  });
});
