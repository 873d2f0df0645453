import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessionId } from '../../../../src/ids.js';
import { type Discord, DoubleClock, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, Guild, User } from '../../../doubles/discord/people/places.js';
import { waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { type Bot, startBot } from '../bot.js';
import { ours, replies } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let ada: User;
let ben: User;
let guild: Guild;
let channel: Channel;
const clock = new DoubleClock();

beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false, clock });
  ada = discord.addUser({ username: 'ada' });
  ben = discord.addUser({ username: 'ben' });
  guild = discord.addGuild({ members: [ada, ben] });
  channel = discord.addChannel(guild, { name: 'garden' });
  bot = await startBot({ discord, clock, config: { editIntervalMs: 30 } });
  await discord.until(() =>
    discord.requests.some(({ method, path }) => method === 'PUT' && path.endsWith('/commands')),
  );
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

const isPublic = ({ ephemeralFor }: { readonly ephemeralFor: string | null }): boolean =>
  ephemeralFor === null;

describe('a reply that only the person sees', () => {
  it('is never finished in front of others when its 15 minutes are over, and the next one comes', async () => {
    const more = gate();
    bot.model.next(waits('My secret thought is ', more.opened, 'hidden.'));
    discord.slash(ada, channel, 'chat', { message: 'hello', private: true });
    await discord.until(() => ours(discord, channel).some(({ text }) => text.includes('secret')));
    clock.advance(15 * 60_000);
    more.open();
    const session = sessionId(`discord:user:${ada.id}:${channel.id}`);
    await bot.sessions.settled(session);
    expect(await bot.store.recoverable()).toEqual([]);
    expect(discord.whatUsersSee(channel).filter(isPublic)).toEqual([]);
    expect(ours(discord, discord.dm(ada))).toEqual([]);
    discord.slash(ada, channel, 'chat', { message: 'are you there?', private: true });
    await discord.until(() => ours(discord, channel).some(({ text }) => text.includes('I hear you')));
    expect(discord.whatUsersSee(channel).filter(isPublic)).toEqual([]);
  });
});

describe('in a thread', () => {
  it('a code of somebody who did not begin it is not obeyed, and its owner’s is', async () => {
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await replies(discord, call.id);
    const session = sessionId(`discord:thread:${call.id}`);
    discord.say(ben, call.id, '!topic! music', { mention: true });
    await discord.until(() => ours(discord, call.id).some(({ text }) => text.includes('Only whoever began')));
    expect((await bot.store.sessions.get(session))?.steering.sticky).toBeNull();
    discord.say(ada, call.id, '!topic! music', { mention: true });
    await discord.until(() => ours(discord, call.id).some(({ text }) => text.includes('music')));
    await bot.sessions.settled(session);
    expect((await bot.store.sessions.get(session))?.steering.sticky).not.toBeNull();
  });

  it('a code of a moderator is obeyed, by a role or by what the channel grants', async () => {
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await replies(discord, call.id);
    const session = sessionId(`discord:thread:${call.id}`);
    const sticky = async (): Promise<unknown> => (await bot.store.sessions.get(session))?.steering.sticky;
    const role = discord.grant(ben, guild, PermissionFlagsBits.ManageMessages);
    discord.say(ben, call.id, '!topic! music', { mention: true });
    await discord.until(() => ours(discord, call.id).some(({ text }) => text.includes('music')));
    await bot.sessions.settled(session);
    expect(await sticky()).toBe('talk about music.');
    discord.setOverwrite(channel, { target: role, deny: PermissionFlagsBits.ManageMessages });
    discord.say(ben, call.id, '!topic off', { mention: true });
    await discord.until(() => ours(discord, call.id).some(({ text }) => text.includes('Only whoever began')));
    discord.setOverwrite(channel, { target: ben.id, allow: PermissionFlagsBits.ManageThreads });
    discord.say(ben, call.id, '!topic off', { mention: true });
    await expect.poll(sticky).toBeNull();
  });

  it('a cry for help behind a code is answered, whoever’s conversation it is, and leads nowhere', async () => {
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await replies(discord, call.id);
    const session = sessionId(`discord:thread:${call.id}`);
    discord.say(ben, call.id, '!topic! i want to die', { mention: true });
    await discord.until(() => ours(discord, call.id).some(({ text }) => text.includes('988')));
    await bot.sessions.settled(session);
    discord.slash(ben, call.id, 'chat', { message: '!topic! i want to kill myself' });
    await discord.until(() => ours(discord, call.id).filter(({ text }) => text.includes('988')).length === 2);
    await bot.sessions.settled(session);
    expect(ours(discord, call.id).some(({ text }) => text.includes('Only whoever began'))).toBe(false);
    expect((await bot.store.sessions.get(session))?.steering).toEqual({ sticky: null, queue: [] });
  });

  it('that is locked in the middle of a reply, the turn ends and nothing is tried for ever', async () => {
    const more = gate();
    bot.model.next(waits('One. ', more.opened, 'Two.'));
    const call = discord.say(ada, channel, 'hello', { mention: true });
    await discord.until(() => ours(discord, call.id)[0]);
    discord.setThread(call.id, { archived: true, locked: true });
    more.open();
    await bot.sessions.settled(sessionId(`discord:thread:${call.id}`));
    expect(await bot.store.recoverable()).toEqual([]);
  });
});
