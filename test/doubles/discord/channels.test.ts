import {
  type APIMessage,
  type APIThreadChannel,
  ChannelType,
  PermissionFlagsBits,
  type REST,
  Routes,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Channel, type Discord, type Guild, startDiscord, type User } from './index.js';
import { restOf } from './logging-in.js';

describe('messages and threads over REST', () => {
  let discord: Discord;
  let rest: REST;
  let ada: User;
  let guild: Guild;
  let general: Channel;

  beforeEach(async () => {
    discord = await startDiscord({ rateLimits: false });
    rest = restOf(discord) as unknown as REST;
    ada = discord.addUser({ username: 'ada' });
    guild = discord.addGuild({ members: [ada] });
    general = discord.addChannel(guild);
  });
  afterEach(() => discord.close());

  const send = (channel: Channel | { id: string }, body: object): Promise<APIMessage> =>
    rest.post(Routes.channelMessages(channel.id), { body }) as Promise<APIMessage>;
  const edit = (message: APIMessage, body: object): Promise<APIMessage> =>
    rest.patch(Routes.channelMessage(message.channel_id, message.id), { body }) as Promise<APIMessage>;

  it('takes a nonce once, for some minutes', async () => {
    const body = { content: 'hi', nonce: 'n1', enforce_nonce: true };
    const first = await send(general, body);
    expect((await send(general, { ...body, content: 'again' })).id).toBe(first.id);
    expect(discord.whatUsersSee(general)).toHaveLength(1);
    expect((await send(general, { content: 'unenforced', nonce: 'n1' })).id).not.toBe(first.id);
    discord.advance(600_000);
    expect((await send(general, body)).id).not.toBe(first.id);
  });

  it('trims content, and refuses what is too long, empty or somebody else’s', async () => {
    expect((await send(general, { content: ' hi \n' })).content).toBe('hi');
    await expect(send(general, { content: 'x'.repeat(2_001) })).rejects.toMatchObject({
      status: 400,
      code: 50_035,
      rawError: { errors: { content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } } },
    });
    await expect(send(general, { content: ' ' })).rejects.toMatchObject({ code: 50_006 });
    const hers = discord.say(ada, general, 'mine');
    const path = Routes.channelMessage(general.id, hers.id);
    await expect(rest.patch(path, { body: { content: 'no' } })).rejects.toMatchObject({
      code: 50_005,
      status: 403,
    });
    await expect(rest.delete(path)).rejects.toMatchObject({ code: 50_013, status: 403 });
    await expect(send({ id: '123' }, { content: 'hi' })).rejects.toMatchObject({ code: 10_003, status: 404 });
  });

  it('checks components by the rules of their kind', async () => {
    const button = (more: object): object => ({ type: 2, style: 2, label: 'a', custom_id: 'a', ...more });
    const row = (...components: object[]): object => ({ type: 1, components });
    const bad = [
      { content: 'x', components: [row(button({ custom_id: 'x'.repeat(101) }))] },
      { content: 'x', components: [row(button({}), button({}))] },
      {
        content: 'x',
        components: [row(...Array.from({ length: 6 }, (_, n) => button({ custom_id: `${n}` })))],
      },
      { content: 'x', components: Array.from({ length: 6 }, (_, n) => row(button({ custom_id: `${n}` }))) },
      { content: 'x', components: [row(button({ label: undefined }))] },
      { content: 'x', components: [{ type: 10, content: 'text' }] },
      { content: 'x', flags: 1 << 15, components: [{ type: 10, content: 'text' }] },
      { flags: 1 << 15, components: [{ type: 10, content: 'x'.repeat(4_001) }] },
      { flags: 1 << 15, components: Array.from({ length: 41 }, () => ({ type: 10, content: 'x' })) },
    ];
    for (const body of bad) await expect(send(general, body)).rejects.toMatchObject({ code: 50_035 });
    await send(general, { content: 'x', components: [row(button({}), button({ custom_id: 'b' }))] });
    const v2 = await send(general, {
      flags: 1 << 15,
      components: [{ type: 17, components: [{ type: 10, content: 'in a box' }, row(button({}))] }],
    });
    expect(discord.whatUsersSee(general).at(-1)).toMatchObject({
      text: 'in a box',
      buttons: [{ label: 'a' }],
    });
    await expect(edit(v2, { content: 'back to text' })).rejects.toMatchObject({ code: 50_035 });
  });

  it('pings nobody whom allowed_mentions leaves out', async () => {
    const text = `<@${ada.id}> @everyone`;
    await send(general, { content: text, allowed_mentions: { parse: [] } });
    await send(general, { content: text });
    const hers = discord.say(ada, general, 'hello');
    await send(general, {
      content: 'hi',
      message_reference: { message_id: hers.id },
      allowed_mentions: { parse: [] },
    });
    await send(general, { content: 'hi', message_reference: { message_id: hers.id } });
    const bots = discord.whatUsersSee(general).filter((one) => one.author.kind === 'bot');
    expect(bots.map((one) => one.pings.users)).toEqual([[], [ada.id], [], [ada.id]]);
    expect(bots.every((one) => !one.pings.everyone)).toBe(true);
  });

  it('pages through messages', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1) ids.push((await send(general, { content: `${n}` })).id);
    const list = async (query: string): Promise<string[]> => {
      const messages = (await rest.get(`/channels/${general.id}/messages`, {
        query: new URLSearchParams(query),
      })) as APIMessage[];
      return messages.map((one) => one.content);
    };
    expect(await list('limit=2')).toEqual(['5', '4']);
    expect(await list(`limit=2&before=${ids[4]}`)).toEqual(['3', '2']);
    expect(await list(`limit=2&after=${ids[1]}`)).toEqual(['3', '2']);
    expect(await list(`limit=3&around=${ids[3]}`)).toEqual(['4', '3', '2']);
    await expect(list('limit=101')).rejects.toMatchObject({ code: 50_035 });
  });

  it('refuses what the bot has no permission for', async () => {
    discord.setOverwrite(general, { deny: PermissionFlagsBits.SendMessages });
    await expect(send(general, { content: 'hi' })).rejects.toMatchObject({ code: 50_013, status: 403 });
    discord.setOverwrite(general, { deny: PermissionFlagsBits.ViewChannel });
    await expect(send(general, { content: 'hi' })).rejects.toMatchObject({ code: 50_001, status: 403 });
    discord.refuseDms(ada);
    await expect(send(discord.dm(ada), { content: 'hi' })).rejects.toMatchObject({
      code: 50_007,
      status: 403,
    });
  });

  it('opens one thread on a message, with its id', async () => {
    const said = discord.say(ada, general, 'help me', { mention: true });
    const open = (): Promise<APIThreadChannel> =>
      rest.post(Routes.threads(general.id, said.id), { body: { name: 'Ada' } }) as Promise<APIThreadChannel>;
    expect((await open()).id).toBe(said.id);
    await expect(open()).rejects.toMatchObject({ code: 160_004, status: 400 });
    expect(discord.whatUsersSee(general)[0]?.threadId).toBe(said.id);
    discord.setBotPermissions(guild, PermissionFlagsBits.ViewChannel);
    discord.setOverwrite(general, { deny: PermissionFlagsBits.CreatePublicThreads });
    const other = discord.say(ada, general, 'me too');
    await expect(
      rest.post(Routes.threads(general.id, other.id), { body: { name: 'x' } }),
    ).rejects.toMatchObject({ code: 50_013 });
  });

  it('lets a post open an archived thread, but no edit, and nothing a locked one', async () => {
    discord.setBotPermissions(guild, PermissionFlagsBits.ViewChannel);
    const thread = discord.openThread(ada, general, 'Ada');
    const message = await send(thread, { content: 'hello' });
    discord.setThread(thread, { archived: true });
    await expect(edit(message, { content: 'bye' })).rejects.toMatchObject({ code: 50_083, status: 400 });
    await send(thread, { content: 'still here' });
    const shown = (await rest.get(Routes.channel(thread.id))) as APIThreadChannel;
    expect(shown.thread_metadata?.archived).toBe(false);
    discord.setThread(thread, { locked: true });
    await expect(send(thread, { content: 'hi' })).rejects.toMatchObject({ code: 160_005, status: 403 });
    discord.setThread(thread, { archived: true });
    await expect(send(thread, { content: 'hi' })).rejects.toMatchObject({ code: 50_083, status: 403 });
  });

  it('archives a thread that is quiet for too long', async () => {
    const thread = (await rest.post(Routes.threads(general.id), {
      body: { name: 'Ada', auto_archive_duration: 60, type: ChannelType.PublicThread },
    })) as APIThreadChannel;
    const message = await send(thread, { content: 'hello' });
    discord.advance(61 * 60_000);
    await expect(edit(message, { content: 'bye' })).rejects.toMatchObject({ code: 50_083 });
  });

  it('keeps uploads and serves them', async () => {
    const message = (await rest.post(Routes.channelMessages(general.id), {
      body: { content: 'your data' },
      files: [{ name: 'export.json', data: Buffer.from('{"a":1}'), contentType: 'application/json' }],
    })) as APIMessage;
    const [file] = message.attachments;
    expect(file).toMatchObject({ filename: 'export.json', size: 7 });
    const answer = await fetch(file?.url ?? '');
    expect(await answer.json()).toEqual({ a: 1 });
  });

  it('answers unknown paths and methods as Discord does', async () => {
    await expect(rest.get('/nothing')).rejects.toMatchObject({ status: 404 });
    await expect(rest.put('/gateway/bot')).rejects.toMatchObject({ status: 405 });
    await expect(rest.get('/gateway/bot', { auth: false })).rejects.toMatchObject({ status: 401 });
  });

  it('tells what was asked of it', async () => {
    await send(general, { content: 'hi' });
    expect(discord.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: `/channels/${general.id}/messages`,
      route: '/channels/:channel/messages',
      body: { content: 'hi' },
      status: 200,
    });
  });

  it('shows reactions, and lets the bot react', async () => {
    const said = discord.say(ada, general, 'hello');
    await rest.put(`/channels/${general.id}/messages/${said.id}/reactions/${encodeURIComponent('👍')}/@me`);
    discord.react(ada, said, '👍');
    expect(discord.whatUsersSee(general)[0]?.reactions).toEqual([
      { emoji: '👍', users: [discord.botId, ada.id] },
    ]);
    await rest.delete(
      `/channels/${general.id}/messages/${said.id}/reactions/${encodeURIComponent('👍')}/@me`,
    );
    expect(discord.whatUsersSee(general)[0]?.reactions[0]?.users).toEqual([ada.id]);
  });
});
