import { REST } from '@discordjs/rest';
import { type SessionInfo, WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import { type Client, Events, GatewayIntentBits, type Message, Partials } from 'discord.js';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  type Channel,
  type Discord,
  type DiscordOptions,
  type Guild,
  startDiscord,
  type User,
} from './index.js';
import { login, newClient, nextMessage, plainIntents } from './logging-in.js';

describe('the gateway', () => {
  const opened: { destroy(): Promise<void> }[] = [];
  let discord: Discord;
  let ada: User;
  let guild: Guild;
  let general: Channel;

  async function start(options: DiscordOptions = {}): Promise<void> {
    discord = await startDiscord({ rateLimits: false, ...options });
    ada = discord.addUser({ username: 'ada' });
    guild = discord.addGuild({ members: [ada] });
    general = discord.addChannel(guild);
  }
  async function client(options: Parameters<typeof login>[1] = {}): Promise<Client<true>> {
    const made = await login(discord, options);
    opened.push(made);
    return made;
  }
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.destroy();
    await discord.close();
  });

  it('refuses a wrong token', async () => {
    await start();
    await expect(newClient(discord).login('wrong')).rejects.toThrow(/token/i);
    expect(discord.requests.at(-1)).toMatchObject({ path: '/gateway/bot', status: 401 });
    const manager = manage({ token: 'wrong' });
    const failure = new Promise<Error>((resolve) => {
      manager.on(WebSocketShardEvents.Error, resolve);
    });
    await expect(manager.connect()).rejects.toThrow('Authentication failed');
    expect((await failure).message).toBe('Authentication failed');
  });

  /** The bare gateway client, whose session the test holds. */
  function manage(
    options: Partial<ConstructorParameters<typeof WebSocketManager>[0]> = {},
    store: { session: SessionInfo | null } = { session: null },
  ): WebSocketManager {
    const rest = new REST({ api: discord.apiUrl, version: '10' }).setToken(discord.token);
    const manager = new WebSocketManager({
      token: discord.token,
      intents: plainIntents.reduce<number>((all, bit) => all | bit, 0),
      rest,
      buildIdentifyThrottler: () => ({ waitForIdentify: async () => undefined }),
      retrieveSessionInfo: () => store.session,
      updateSessionInfo: (_, session) => {
        store.session = session;
      },
      ...options,
    });
    opened.push({ destroy: async () => manager.destroy() });
    return manager;
  }

  it('refuses a privileged intent that was not granted, and takes it when it was', async () => {
    await start();
    const intents = [...plainIntents, GatewayIntentBits.MessageContent];
    await expect(newClient(discord, { intents }).login(discord.token)).rejects.toThrow(/disallowed intents/i);
    await discord.close();
    await start({ privilegedIntents: ['content'] });
    const made = await client({ intents });
    const came = nextMessage(made);
    discord.say(ada, general, 'for all to read');
    expect((await came).content).toBe('for all to read');
  });

  it('hides what is not for the bot, and shows mentions, replies to it and its own', async () => {
    await start();
    const made = await client();
    const contents: string[] = [];
    made.on(Events.MessageCreate, (message) => contents.push(message.content));
    discord.say(ada, general, 'secret');
    discord.say(ada, general, 'hello', { mention: true });
    const channel = made.channels.cache.get(general.id);
    if (!channel?.isSendable()) throw new Error('cannot send');
    const own = await channel.send('mine');
    discord.say(ada, general, 'an answer', { reply: own });
    discord.say(ada, general, 'quietly', { reply: own, ping: false });
    discord.webhookSays(general, 'Hook', 'from elsewhere');
    await discord.until(() => contents.length === 6);
    expect(contents).toEqual(['', `<@${discord.botId}> hello`, 'mine', 'an answer', '', '']);
    const fetched = await channel.messages.fetch({ limit: 10, cache: false });
    expect([...fetched.values()].map((one) => one.content).reverse()).toEqual(contents);
  });

  it('sends only what the intents cover', async () => {
    await start();
    const made = await client({ intents: [GatewayIntentBits.Guilds, GatewayIntentBits.DirectMessages] });
    const seen: string[] = [];
    made.on(Events.Raw, (packet: { t: string | null }) => {
      if (packet.t !== null) seen.push(packet.t);
    });
    discord.say(ada, general, 'nobody hears', { mention: true });
    discord.type(ada, general);
    discord.say(ada, discord.dm(ada), 'heard');
    await discord.until(() => seen.length > 0);
    expect(seen).toEqual(['MESSAGE_CREATE']);
  });

  it('resumes after the socket dropped, with nothing lost', async () => {
    await start();
    const made = await client({ partials: [Partials.Channel] });
    const contents: string[] = [];
    made.on(Events.MessageCreate, (message) => contents.push(message.content));
    discord.gateway.dropAll();
    discord.say(ada, general, 'one', { mention: [] });
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'two');
    const [session] = discord.gateway.sessions.values();
    await discord.until(() => session?.resumes === 1 && contents.length === 2);
    expect(contents).toEqual(['', 'two']);
    expect(discord.gateway.starts.read().remaining).toBe(999);
  });

  it.each(['READY', 'GUILD_CREATE', 'HELLO', 'IDENTIFY', 'UPGRADE'] as const)(
    'is logged in to although the socket dropped before %s',
    async (stage) => {
      await start();
      discord.gateway.control.cutAt({ stage });
      const made = await client();
      await discord.until(() => made.guilds.cache.get(guild.id)?.available);
    },
  );

  it('invalidates sessions, and asks to reconnect', async () => {
    await start();
    const made = await client();
    const [first] = discord.gateway.sessions.values();
    const resumed = new Promise((resolve) => made.once(Events.ShardResume, resolve));
    discord.gateway.requestReconnect();
    await resumed;
    expect(first?.resumes).toBe(1);
    const ready = new Promise((resolve) => made.once(Events.ShardReady, resolve));
    discord.gateway.invalidateSessions();
    await ready;
    expect(discord.gateway.sessions.size).toBe(1);
    expect(discord.gateway.sessions.has(first?.id ?? '')).toBe(false);
  });

  it('leaves a client without acknowledgements that notices', async () => {
    await start({ heartbeatIntervalMs: 40 });
    await client();
    const [session] = discord.gateway.sessions.values();
    discord.gateway.control.acknowledgeHeartbeats = false;
    await discord.until(() => session?.lostAt !== null);
    discord.gateway.control.acknowledgeHeartbeats = true;
    await discord.until(() => (session?.resumes ?? 0) > 0);
  });

  it('is resumed by another process, from what it had stored', async () => {
    await start();
    const store: { session: SessionInfo | null } = { session: null };
    const first = manage({}, store);
    await first.connect();
    await discord.until(() => store.session !== null && store.session.sequence >= 2);
    for (const session of discord.gateway.sessions.values()) session.connection?.cut();
    const kept = store.session;
    await first.destroy();
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'while it was down');
    const second = manage({}, { session: kept });
    const events: string[] = [];
    second.on(WebSocketShardEvents.Dispatch, (payload) => events.push(payload.t));
    await second.connect();
    await discord.until(() => events.includes('RESUMED'));
    expect(events).toEqual(['MESSAGE_CREATE', 'RESUMED']);
    const [session] = discord.gateway.sessions.values();
    expect(session?.connection?.resumedAtUrl).toBe(true);
  });

  it('forgets a session that nobody resumes', async () => {
    await start();
    const store: { session: SessionInfo | null } = { session: null };
    const first = manage({}, store);
    await first.connect();
    await discord.until(() => store.session !== null);
    const kept = store.session;
    await first.destroy();
    discord.advance(600_000);
    const second = manage({}, { session: kept });
    await second.connect();
    expect(discord.gateway.control.count(6)).toBe(1);
    expect(discord.gateway.control.count(2)).toBe(2);
  });

  it('divides guilds among shards and keeps direct messages on the first', async () => {
    await start({ shards: 2, maxConcurrency: 2 });
    discord.addGuild();
    discord.addGuild();
    const made = await client({ shardCount: 2, shards: [0, 1] });
    expect(made.guilds.cache.size).toBe(3);
    const shards = [...discord.gateway.sessions.values()].map((one) => one.identity.shard[0]);
    expect(shards.sort()).toEqual([0, 1]);
    expect(new Set(made.guilds.cache.map((one) => one.shardId))).toEqual(new Set([0, 1]));
  });

  it('tells two sessions of one shard the same', async () => {
    await start();
    const heard = await Promise.all(
      [await client(), await client()].map((one) => {
        const next: Promise<Message> = nextMessage(one);
        return () => next;
      }),
    );
    discord.say(ada, general, 'both', { mention: true });
    const [one, two] = await Promise.all(heard.map((wait) => wait()));
    expect(one?.id).toBe(two?.id);
  });

  it('duplicates, reverses, loses and stalls events on request', async () => {
    await start();
    const made = await client();
    const ids: string[] = [];
    made.on(Events.Raw, (packet: { t: string | null; d: { id: string } }) => {
      if (packet.t === 'MESSAGE_CREATE') ids.push(packet.d.id);
    });
    const { control } = discord.gateway;
    control.duplicateNext(1, 'MESSAGE_CREATE');
    const one = discord.say(ada, general, 'one');
    await discord.until(() => ids.length === 2);
    control.reverseNext(2, 'MESSAGE_CREATE');
    const two = discord.say(ada, general, 'two');
    const three = discord.say(ada, general, 'three');
    control.stall();
    const four = discord.say(ada, general, 'four');
    await discord.until(() => ids.length === 4);
    control.unstall();
    await discord.until(() => ids.length === 5);
    expect(ids).toEqual([one.id, one.id, three.id, two.id, four.id]);
    control.loseNext(1);
    discord.say(ada, general, 'five');
    const six = discord.say(ada, general, 'six');
    await discord.until(() => ids.length === 6);
    expect(ids.at(-1)).toBe(six.id);
  });

  it('closes a connection that says too much, or the wrong thing', async () => {
    await start();
    const codeAfter = (payloads: readonly string[]): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${discord.gatewayUrl}?v=10&encoding=json`);
        socket.once('message', () => {
          for (const payload of payloads) socket.send(payload);
        });
        socket.once('close', resolve);
      });
    const beat = JSON.stringify({ op: 1, d: null });
    expect(await codeAfter(Array.from({ length: 121 }, () => beat))).toBe(4_008);
    expect(await codeAfter(['{'])).toBe(4_002);
    expect(await codeAfter([JSON.stringify({ op: 3, d: {} })])).toBe(4_003);
    expect(
      await codeAfter([
        JSON.stringify({ op: 2, d: { token: discord.token, intents: 1 << 30, properties: {} } }),
      ]),
    ).toBe(4_013);
    const shard = { token: discord.token, intents: 1, properties: {}, shard: [2, 2] };
    expect(await codeAfter([JSON.stringify({ op: 2, d: shard })])).toBe(4_010);
  });
});
