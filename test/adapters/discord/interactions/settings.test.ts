import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../../../src/commands/settings.js';
import type { SeenMessage } from '../../../doubles/discord/index.js';
import { openScene, type Scene } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const run = async (command: string, options = {}): Promise<SeenMessage> => {
  const { discord, mod, channel } = scene;
  const message = await discord.answered(discord.slash(mod, channel, command, options));
  expect(message.ephemeralFor).toBe(mod.id);
  return message;
};
const settings = () => readSettings(scene.bot.services, `discord:${scene.guild.id}`);
const now = (message: SeenMessage): SeenMessage =>
  scene.discord.whatUsersSee(message.channelId).find(({ id }) => id === message.id) ??
  expect.fail('it is gone');

describe('/settings', () => {
  it('shows what holds, each with the command that changes it', async () => {
    const shown = await run('settings show');
    expect(shown.text).toContain('every channel they can write in');
    for (const sub of ['channels', 'character', 'limit', 'disclosure', 'bots'])
      expect(shown.text).toMatch(new RegExp(`</settings ${sub}:\\d+>`));
  });

  it('changes one after the other', async () => {
    const { bot } = scene;
    const someone = bot.services.bank.all[2] ?? expect.fail('no characters');
    expect((await run('settings limit', { replies: 20 })).text).toContain('20 a day');
    expect((await run('settings disclosure', { hours: 3 })).text).toContain('every 3 hours');
    expect((await run('settings bots', { answer: true })).text).toContain('**Other bots**: answered');
    expect((await run('settings character', { character: someone.name })).text).toContain(someone.name);
    expect(await settings()).toEqual({
      allowedChannels: [],
      defaultCharacterId: someone.id,
      dailyReplies: 20,
      disclosureEveryHours: 3,
      allowBots: true,
    });
    expect((await run('settings character')).text).toContain('whoever fits the person best');
    expect((await settings()).defaultCharacterId).toBeNull();
  });

  it('limits the channels by a menu that works after a restart, and lifts the limits again', async () => {
    const { discord, mod, guild, channel } = scene;
    const other = discord.addChannel(guild, { name: 'talks' });
    const page = await run('settings channels');
    await scene.restart();
    discord.select(mod, page, page.selects[0]?.customId ?? '', [channel.id, other.id]);
    await discord.until(() => now(page).text.includes('Saved'));
    expect((await settings()).allowedChannels).toEqual([channel.id, other.id]);
    expect(now(page).text).toContain(`<#${other.id}>`);
    const again = await run('settings channels');
    expect(JSON.stringify(again.components)).toContain(`{"id":"${channel.id}","type":"channel"}`);
    discord.press(mod, again, 'Everywhere');
    await discord.until(() => now(again).text.includes('every channel'));
    expect((await settings()).allowedChannels).toEqual([]);
  });

  it('is not offered to others, and refused to whoever was given the command without the right', async () => {
    const { discord, ana, guild, channel } = scene;
    expect(() => discord.slash(ana, channel, 'settings show')).toThrow('lacks its permissions');
    // The right is taken away between the menu and its use.
    const role = discord.grant(ana, guild, PermissionFlagsBits.ManageGuild);
    const page = await discord.answered(discord.slash(ana, channel, 'settings channels'));
    const record = discord.world.guilds.get(guild.id)?.roles.get(role);
    if (record) record.permissions = 0n as never;
    const pressed = discord.press(ana, page, 'Everywhere');
    await discord.until(() => discord.interaction(pressed).followUps.length === 1);
    expect(discord.interaction(pressed).followUps[0]?.text).toContain('Manage Server');
  });
});
