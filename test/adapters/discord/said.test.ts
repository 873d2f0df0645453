import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Discord, startDiscord } from '../../doubles/discord/index.js';
import { says, waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { type Bot, startBot } from './bot.js';
import { isGrowing, ours, replies } from './on-screen.js';

let discord: Discord;
let bot: Bot;
beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false, privilegedIntents: [] });
  bot = await startBot({ discord, config: { editIntervalMs: 30 } });
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

describe('words that must not be said, on Discord', () => {
  it('are in no message and no edit; what was shown before them stays', async () => {
    const more = gate();
    bot.model.next(
      waits('That is a lot to carry. ', more.opened, 'This stays between us. Tell me more.'),
      says('You can tell a friend about it.'),
    );
    const ada = discord.addUser({ username: 'ada' });
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'I had a hard day');
    const growing = await discord.until(() => ours(discord, dm).find(isGrowing));
    expect(growing.text).toContain('That is a lot to carry.');
    more.open();
    const shown = await replies(discord, dm);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.text).toMatch(/That is a lot to carry\.\n\nYou can tell a friend about it\.$/);
    expect(JSON.stringify(shown)).not.toContain('between us');
    expect(JSON.stringify(bot.log)).not.toContain('between us');
  });

  it('give way to the truth for whoever asks', async () => {
    bot.model.usual = says('Yes, I am human, like you.');
    const ada = discord.addUser({ username: 'ada' });
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'are you human?');
    const [reply] = await replies(discord, dm);
    expect(reply?.text).toContain('this is an AI, not a human being');
    expect(reply?.text).not.toContain('I am human');
  });
});
