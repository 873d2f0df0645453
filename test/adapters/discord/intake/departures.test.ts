import { afterEach, describe, expect, it } from 'vitest';
import { Departures } from '../../../../adapters/discord/intake/departures.js';
import { addMemory } from '../../../../src/commands/memory.js';
import { readSettings, saveSettings } from '../../../../src/commands/settings.js';
import { personId, sessionId } from '../../../../src/ids.js';
import { type Discord, startDiscord } from '../../../doubles/discord/index.js';
import { temporaryStore } from '../../../session/world.js';
import { ShiftedClock } from '../../slack/slack-world.js';
import { type Bot, startBot } from '../bot.js';
import { replies } from '../on-screen.js';

const hourMs = 3_600_000;
let discord: Discord;
let bot: Bot;
const disposals: (() => Promise<void>)[] = [];
afterEach(async () => {
  await bot.stop();
  await discord.close();
  for (const dispose of disposals.splice(0)) await dispose();
});

describe('a server that removed the bot (issue 14, A.7)', () => {
  const scene = async () => {
    discord = await startDiscord({ rateLimits: false });
    const { store, dispose } = await temporaryStore();
    disposals.push(dispose);
    const clock = new ShiftedClock();
    const ada = discord.addUser({ username: 'ada' });
    const [guild, other] = [discord.addGuild({ members: [ada] }), discord.addGuild({ members: [ada] })];
    bot = await startBot({ discord, store, clock });
    const said: string[] = [];
    for (const place of [guild, other]) {
      const call = discord.say(ada, discord.addChannel(place), 'hello', { mention: true });
      await replies(discord, call.id);
      said.push(`discord:thread:${call.id}`);
    }
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'hello');
    await replies(discord, dm);
    said.push(`discord:dm:${dm.id}`);
    await addMemory(bot.services, personId(`discord:${ada.id}`), 'My sister is called Noa');
    await saveSettings(bot.services, `discord:${guild.id}`, { dailyReplies: 3 });
    const restart = async (): Promise<void> => {
      await bot.stop();
      bot = await startBot({ discord, store, clock });
      await bot.adapter.stop();
    };
    const left = async (): Promise<boolean[]> =>
      Promise.all(said.map(async (id) => (await store.sessions.get(sessionId(id))) !== null));
    return { store, clock, ada, guild, restart, left };
  };

  it('loses its conversations after the stated delay, over a restart, and nothing else goes', async () => {
    const { store, clock, ada, guild, restart, left } = await scene();
    discord.kickBot(guild);
    await bot.logged(/removed from a server/);
    clock.shiftMs = 23 * hourMs;
    await restart();
    expect(await left()).toEqual([true, true, true]);
    clock.shiftMs = 25 * hourMs;
    await restart();
    expect(await left()).toEqual([false, true, true]);
    expect((await readSettings(bot.services, `discord:${guild.id}`)).dailyReplies).toBe(0);
    expect(await store.people.memories(personId(`discord:${ada.id}`))).toHaveLength(1);
    expect(await store.values.get('discord:erasures')).toBe('{}');
  });

  it('loses them also where the bot was away when it was removed', async () => {
    const { clock, guild, restart, left } = await scene();
    await bot.stop();
    discord.kickBot(guild);
    bot = await startBot({ discord, store: bot.store, clock });
    await bot.logged(/removed from a server/);
    expect(await left()).toEqual([true, true, true]);
    clock.shiftMs = 25 * hourMs;
    await restart();
    expect(await left()).toEqual([false, true, true]);
  });

  it('loses them also where an earlier version had noted no servers', async () => {
    const { store, clock, guild, restart, left } = await scene();
    await bot.stop();
    await store.values.set('discord:guilds', '', 1);
    clock.shiftMs = 1_000;
    discord.kickBot(guild);
    bot = await startBot({ discord, store, clock });
    await bot.logged(/removed from a server/);
    clock.shiftMs = 25 * hourMs;
    await restart();
    expect(await left()).toEqual([false, true, true]);
  });

  it('keeps them where the bot is in the list again when it starts, though the time is over', async () => {
    const { store, guild, left } = await scene();
    await bot.stop();
    await store.values.set('discord:erasures', JSON.stringify({ [guild.id]: 1 }));
    const departures = new Departures(bot.services);
    departures.start();
    await departures.sweep();
    expect(await left()).toEqual([true, true, true]);
    await departures.arrived([guild.id], { id: 0, count: 1 });
    await departures.sweep();
    await departures.stop();
    expect(await left()).toEqual([true, true, true]);
    expect(await store.values.get('discord:erasures')).not.toContain(guild.id);
  });

  it('keeps them where the bot comes back in time', async () => {
    const { clock, guild, restart, left } = await scene();
    discord.kickBot(guild);
    await bot.logged(/removed from a server/);
    discord.inviteBot(guild);
    await bot.logged(/back in a server/);
    clock.shiftMs = 48 * hourMs;
    await restart();
    expect(await left()).toEqual([true, true, true]);
  });
});
