import { GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/clock.js';
import type { Store } from '../../../../src/state/store.js';
import { openRedisStore } from '../../../../state/redis/redis-store.js';
import type { Cut } from '../../../doubles/discord/gateway/control.js';
import { type Discord, type DiscordOptions, startDiscord } from '../../../doubles/discord/index.js';
import { startRedisServer } from '../../../doubles/redis-server.js';
import { waits } from '../../../session/scripted-model.js';
import { gate, temporaryStore } from '../../../session/world.js';
import { type Bot, type BotOptions, makeBot, startBot } from '../bot.js';
import { isDone, ours, replies } from '../on-screen.js';

let discord: Discord;
const bots: Bot[] = [];
const disposals: (() => Promise<void>)[] = [];

async function begin(options: DiscordOptions = {}): Promise<void> {
  discord = await startDiscord({ rateLimits: false, ...options });
}
async function run(options: Partial<BotOptions> = {}): Promise<Bot> {
  const bot = await startBot({ discord, ...options, config: { editIntervalMs: 30, ...options.config } });
  bots.push(bot);
  return bot;
}
async function sharedStore(): Promise<Store> {
  const { store, dispose } = await temporaryStore();
  disposals.push(dispose);
  return store;
}
const intentsAsked = (): number[] =>
  discord.gateway.control.received
    .filter(({ op }) => op === GatewayOpcodes.Identify)
    .map(({ d }) => (d as { intents: number }).intents);
const count = (op: GatewayOpcodes): number => discord.gateway.control.count(op);

afterEach(async () => {
  await Promise.all(bots.splice(0).map((bot) => bot.stop()));
  for (const dispose of disposals.splice(0)) await dispose();
  await discord.close();
});

describe('logging in', () => {
  it('asks for guilds, their messages and direct messages, and nothing privileged', async () => {
    await begin();
    await run();
    const identify = discord.gateway.control.received.find(({ op }) => op === GatewayOpcodes.Identify);
    const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits;
    expect(identify?.d).toMatchObject({ intents: Guilds | GuildMessages | DirectMessages, shard: [0, 1] });
  });

  it('asks for message content where the application has it, unless told not to', async () => {
    await begin({ privilegedIntents: ['content'] });
    await run();
    await run({ config: { messageContent: 'never' } });
    expect(intentsAsked().map((intents) => intents & GatewayIntentBits.MessageContent)).toEqual([
      GatewayIntentBits.MessageContent,
      0,
    ]);
  });

  it('goes on without message content where the gateway refuses it (4014), and says so', async () => {
    await begin({ privilegedIntents: ['content'] });
    discord.gateway.control.cutAt({ stage: 'IDENTIFY', code: 4014 });
    const bot = await run();
    const line = await bot.logged(/does not grant the message content intent/);
    expect(line.fields.cure).toMatch(/Message Content Intent/);
    expect(intentsAsked().map((intents) => intents & GatewayIntentBits.MessageContent)).toEqual([
      GatewayIntentBits.MessageContent,
      0,
    ]);
  });

  it('refuses to start with a token that Discord does not know', async () => {
    await begin();
    const bot = await makeBot({ discord: { apiUrl: discord.apiUrl, port: discord.port, token: 'wrong' } });
    bots.push(bot);
    await expect(bot.start()).rejects.toMatchObject({ code: 'RAPPORT_E_DISCORD_TOKEN' });
  });

  it.each([
    [4004, 'RAPPORT_E_DISCORD_TOKEN'],
    [4010, 'RAPPORT_E_DISCORD_SHARDS'],
    [4011, 'RAPPORT_E_DISCORD_SHARDS'],
    [4012, 'RAPPORT_E_DISCORD_GATEWAY'],
    [4013, 'RAPPORT_E_DISCORD_INTENTS'],
    [4014, 'RAPPORT_E_DISCORD_INTENTS'],
  ])('ends for good with close code %i, with a cure', async (code, error) => {
    await begin();
    discord.gateway.control.cutAt({ stage: 'IDENTIFY', code });
    const bot = await makeBot({ discord, config: { shards: 1 } });
    bots.push(bot);
    await bot.start();
    const line = await bot.logged(/does not let the bot in/);
    expect(line.fields).toMatchObject({ code: error, cure: expect.stringMatching(/\w/) });
    expect(bot.adapter.status).toMatchObject({ state: 'refused', problem: { code: error } });
    expect(count(GatewayOpcodes.Identify)).toBe(1);
  });

  it('takes as many shards as Discord asks for where it may choose (4011)', async () => {
    await begin({ shards: 1 });
    discord.gateway.control.cutAt({ stage: 'IDENTIFY', code: 4011 });
    const bot = await run();
    expect(bot.adapter.status.state).toBe('connected');
    expect(count(GatewayOpcodes.Identify)).toBe(2);
  });

  it('waits instead of starting a session when the day’s session starts are used up', async () => {
    await begin({ sessionStarts: 0 });
    const bot = await makeBot({ discord });
    bots.push(bot);
    await bot.start();
    await bot.logged(/session starts on Discord are used up/);
    expect(count(GatewayOpcodes.Identify)).toBe(0);
  });

  it('connects once Discord can be reached again', async () => {
    await begin();
    discord.faults.dropRequest({ path: '/applications/@me' }, 2);
    const bot = await makeBot({ discord });
    bots.push(bot);
    await bot.start();
    await bot.connected();
    expect(bot.log.some(({ message }) => message.startsWith('Discord cannot be reached'))).toBe(true);
  });
});

describe('a broken connection', () => {
  const cuts: Cut[] = [
    { stage: 'UPGRADE' },
    { stage: 'HELLO', when: 'before' },
    { stage: 'HELLO', when: 'after' },
    { stage: 'IDENTIFY', when: 'before' },
    { stage: 'IDENTIFY', when: 'after' },
    { stage: 'READY', when: 'before' },
    { stage: 'READY', when: 'after' },
    { stage: 'GUILD_CREATE', when: 'after' },
  ];
  it.each(cuts)('at $stage ($when) while logging in loses and doubles nothing', async (cut) => {
    await begin();
    const ada = discord.addUser();
    discord.addGuild({ members: [ada] });
    discord.gateway.control.cutAt(cut);
    await run();
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'hello');
    await replies(discord, dm);
    discord.say(ada, dm, 'and once more');
    await replies(discord, dm, 2);
    expect(ours(discord, dm)).toHaveLength(2);
  });

  const laterCuts: Cut[] = [
    { stage: 'MESSAGE_CREATE', when: 'before' },
    { stage: 'MESSAGE_CREATE', when: 'after' },
    { stage: 'MESSAGE_CREATE', when: 'after', code: 4000 },
    { stage: 'MESSAGE_CREATE', when: 'after', code: 4009 },
  ];
  it.each(laterCuts)('at $stage ($when, $code) in a conversation loses and doubles nothing', async (cut) => {
    await begin();
    const ada = discord.addUser();
    await run();
    const dm = discord.dm(ada);
    discord.gateway.control.cutAt(cut);
    discord.say(ada, dm, 'one');
    discord.say(ada, dm, 'two');
    await answered(dm, ['one', 'two']);
    discord.say(ada, dm, 'three');
    await answered(dm, ['one', 'two', 'three']);
    expect(count(GatewayOpcodes.Identify)).toBe(1);
  });

  const resumeCuts: Cut[] = [
    { stage: 'UPGRADE', times: 2 },
    { stage: 'HELLO', when: 'before' },
    { stage: 'RESUME', when: 'before' },
    { stage: 'RESUME', when: 'after', times: 2 },
    { stage: 'RESUMED', when: 'before' },
    { stage: 'RESUMED', when: 'after' },
    { stage: 'MESSAGE_CREATE', when: 'after', times: 2 },
  ];
  it.each(resumeCuts)('at $stage ($when) while resuming loses and doubles nothing', async (cut) => {
    await begin();
    const ada = discord.addUser();
    await run();
    const dm = discord.dm(ada);
    discord.gateway.dropAll();
    discord.gateway.control.cutAt(cut);
    discord.say(ada, dm, 'one');
    discord.say(ada, dm, 'two');
    await answered(dm, ['one', 'two']);
    expect(count(GatewayOpcodes.Identify)).toBe(1);
  });

  /** Every text was given to the model exactly once in all replies together, and each reply stands once. */
  async function answered(dm: { readonly id: string }, texts: readonly string[]): Promise<void> {
    const [bot] = bots;
    if (!bot) throw new Error('no bot runs');
    await discord.until(
      () => {
        const prompt = bot.model.prompt;
        return texts.every((text) => prompt.includes(text)) && ours(discord, dm).every(isDone);
      },
      { what: `answers to ${texts.join(', ')}` },
    );
    await bot.sessions.settled(`discord:dm:${dm.id}` as never);
    const { entries } = await bot.store.transcript.page(`discord:dm:${dm.id}` as never, { limit: 50 });
    expect(entries.filter(({ role }) => role === 'seeker').map(({ text }) => text)).toEqual(texts);
    const spoken = entries.filter(({ role }) => role === 'supporter');
    expect(ours(discord, dm)).toHaveLength(spoken.length);
  }
});

describe('what the gateway asks for', () => {
  it.each([
    ['op 7 (reconnect)', () => discord.gateway.requestReconnect(), 0],
    ['op 9 true', () => discord.gateway.invalidateSessions(true), 0],
    ['op 9 false', () => discord.gateway.invalidateSessions(false), 1],
    ['close 4000', () => discord.gateway.dropAll(4000), 0],
    ['close 4007', () => discord.gateway.dropAll(4007), 1],
    ['close 1000', () => discord.gateway.dropAll(1000), 1],
  ] as const)(
    '%s is followed, and a message written meanwhile is answered once',
    async (_name, order, identifies) => {
      await begin();
      const ada = discord.addUser();
      await run();
      const dm = discord.dm(ada);
      discord.say(ada, dm, 'before');
      await replies(discord, dm);
      order();
      discord.say(ada, dm, 'meanwhile');
      await replies(discord, dm, 2);
      discord.say(ada, dm, 'after');
      await replies(discord, dm, 3);
      expect(ours(discord, dm)).toHaveLength(3);
      expect(count(GatewayOpcodes.Identify)).toBe(1 + identifies);
    },
  );

  it('answers a heartbeat request at once', async () => {
    await begin();
    await run();
    const before = count(GatewayOpcodes.Heartbeat);
    discord.gateway.requestHeartbeat();
    await discord.until(() => count(GatewayOpcodes.Heartbeat) > before);
  });

  it('tells a dead connection from a quiet one, and resumes', async () => {
    await begin({ heartbeatIntervalMs: 100 });
    await run();
    discord.gateway.control.acknowledgeHeartbeats = false;
    await discord.until(() => count(GatewayOpcodes.Resume) > 0);
    discord.gateway.control.acknowledgeHeartbeats = true;
    const ada = discord.addUser();
    discord.say(ada, discord.dm(ada), 'hello');
    await replies(discord, discord.dm(ada));
  });

  it('closes a connection on which heartbeats are not answered for long, although none was due', async () => {
    await begin();
    const bot = await run({ times: { watchdog: { everyMs: 20, ackAgeMs: 200, stuckMs: 60_000 } } });
    await bot.logged(/not answered heartbeats for long/);
    await discord.until(() => count(GatewayOpcodes.Resume) > 0);
  });

  it('gives up a session that three connections could not resume, and reads what was missed', async () => {
    await begin();
    const ada = discord.addUser();
    const bot = await run();
    const dm = discord.dm(ada);
    discord.say(ada, dm, 'before');
    await replies(discord, dm);
    discord.gateway.control.cutAt({ stage: 'RESUME', when: 'before', times: 3, code: 4000 });
    discord.gateway.dropAll();
    discord.say(ada, dm, 'missed');
    await replies(discord, dm, 2);
    await bot.logged(/could not be resumed several times/);
    expect(count(GatewayOpcodes.Resume)).toBe(3);
    expect(count(GatewayOpcodes.Identify)).toBe(2);
    expect(ours(discord, dm)).toHaveLength(2);
  });

  it('takes events that come twice once, and those in the wrong order all', async () => {
    await begin();
    const ada = discord.addUser();
    const bot = await run();
    const dm = discord.dm(ada);
    discord.gateway.control.duplicateNext(1, 'MESSAGE_CREATE');
    discord.say(ada, dm, 'twice');
    await replies(discord, dm);
    discord.gateway.control.reverseNext(2, 'MESSAGE_CREATE');
    discord.say(ada, dm, 'second');
    discord.say(ada, dm, 'third');
    await discord.until(() => bot.model.prompt.includes('second') && bot.model.prompt.includes('third'));
    await bot.sessions.settled(`discord:dm:${dm.id}` as never);
    const { entries } = await bot.store.transcript.page(`discord:dm:${dm.id}` as never, { limit: 50 });
    const asked = entries.filter(({ role }) => role === 'seeker').map(({ text }) => text);
    expect(asked.sort()).toEqual(['second', 'third', 'twice']);
  });
});

describe('a restart', () => {
  it('resumes where the last process was, so that what was written meanwhile is answered', async () => {
    await begin();
    const store = await sharedStore();
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    const first = await run({ store });
    discord.say(ada, dm, 'before');
    await replies(discord, dm);
    await first.stop();
    discord.say(ada, dm, 'meanwhile');
    await run({ store });
    await replies(discord, dm, 2);
    expect(count(GatewayOpcodes.Identify)).toBe(1);
    expect(count(GatewayOpcodes.Resume)).toBe(1);
    expect(ours(discord, dm)).toHaveLength(2);
  });

  it('reads the channels it was in where the session cannot be resumed any more', async () => {
    await begin();
    const store = await sharedStore();
    const ada = discord.addUser();
    const guild = discord.addGuild({ members: [ada] });
    const channel = discord.addChannel(guild);
    const first = await run({ store });
    discord.say(ada, discord.dm(ada), 'before');
    const asked = discord.say(ada, channel, 'in public', { mention: true });
    await Promise.all([replies(discord, discord.dm(ada)), replies(discord, asked.id)]);
    await first.stop();
    discord.say(ada, discord.dm(ada), 'missed in private');
    const missed = discord.say(ada, channel, 'missed in public', { mention: true });
    discord.say(ada, asked.id, 'missed in the thread', { mention: true });
    for (const session of [...discord.gateway.sessions.values()]) discord.gateway.forget(session);
    await run({ store });
    await replies(discord, discord.dm(ada), 2);
    await replies(discord, missed.id);
    await replies(discord, asked.id, 2);
    expect(ours(discord, discord.dm(ada))).toHaveLength(2);
    expect(ours(discord, asked.id)).toHaveLength(2);
  });

  it('does not answer what is older than it may be', async () => {
    await begin();
    const store = await sharedStore();
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    const first = await run({ store });
    discord.say(ada, dm, 'before');
    await replies(discord, dm);
    await first.stop();
    discord.say(ada, dm, 'missed');
    for (const session of [...discord.gateway.sessions.values()]) discord.gateway.forget(session);
    const second = await run({ store, config: { backfillMinutes: 0 } });
    discord.say(ada, dm, 'now');
    await replies(discord, dm, 2);
    expect(second.model.prompt).not.toContain('missed');
  });

  it('finishes the reply that is being written, and leaves what comes meanwhile to the next process', async () => {
    await begin();
    const store = await sharedStore();
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    const more = gate();
    const first = await run({ store });
    first.model.next(waits('One. ', more.opened, 'Two.'));
    discord.say(ada, dm, 'count');
    await discord.until(() => ours(discord, dm)[0]);
    const stopped = first.stop(10_000);
    discord.say(ada, dm, 'and then?');
    more.open();
    await stopped;
    const [whole, ...others] = ours(discord, dm);
    expect(whole?.text).toMatch(/One. Two.$/);
    expect(others).toEqual([]);
    const second = await run({ store });
    await replies(discord, dm, 2);
    expect(second.model.prompt).toContain('and then?');
    expect(count(GatewayOpcodes.Identify)).toBe(1);
  });

  it('does not resume a session that was begun with other intents', async () => {
    await begin({ privilegedIntents: ['content'] });
    const store = await sharedStore();
    const first = await run({ store, config: { messageContent: 'never' } });
    await first.stop();
    await run({ store });
    expect(count(GatewayOpcodes.Identify)).toBe(2);
  });
});

describe('shards', () => {
  /** A guild of shard `shard` of two. */
  const guildOf = (shard: number, n: number): string =>
    String((BigInt(1_000_000 + n * 2 + shard) << 22n) + 5n);

  it('as many as Discord recommends hear their guilds and the direct messages, and resume after a restart', async () => {
    await begin({ shards: 2 });
    const store = await sharedStore();
    const ada = discord.addUser();
    const channels = [0, 1].map((shard) => {
      const guild = discord.addGuild({ id: guildOf(shard, 1), members: [ada] });
      return discord.addChannel(guild);
    });
    const first = await run({ store });
    expect(first.adapter.status.shards).toEqual({ 0: 'ready', 1: 'ready' });
    const identified = discord.gateway.control.received.filter(({ op }) => op === GatewayOpcodes.Identify);
    expect(identified.map(({ d }) => (d as { shard: number[] }).shard).sort()).toEqual([
      [0, 2],
      [1, 2],
    ]);
    const asked = channels.map((channel) => discord.say(ada, channel, 'hello', { mention: true }));
    discord.say(ada, discord.dm(ada), 'in private');
    await Promise.all([...asked.map(({ id }) => replies(discord, id)), replies(discord, discord.dm(ada))]);
    await first.stop();
    const missed = channels.map((channel) => discord.say(ada, channel, 'again', { mention: true }));
    await run({ store });
    await Promise.all(missed.map(({ id }) => replies(discord, id)));
    expect(count(GatewayOpcodes.Identify)).toBe(2);
    expect(count(GatewayOpcodes.Resume)).toBe(2);
  });

  it('are shared by processes that are told which are theirs', async () => {
    await begin();
    const store = await sharedStore();
    const ada = discord.addUser();
    const [even, odd] = [0, 1].map((shard) =>
      discord.addChannel(discord.addGuild({ id: guildOf(shard, 2), members: [ada] })),
    );
    if (!even || !odd) throw new Error('no channels');
    const [left, right] = await Promise.all([
      run({ store, config: { shards: '0/2' } }),
      run({ store, config: { shards: '1/2' } }),
    ]);
    const asked = [even, odd].map((channel) => discord.say(ada, channel, 'hello', { mention: true }));
    await Promise.all(asked.map(({ id }) => replies(discord, id)));
    expect(left.model.requests.length + right.model.requests.length).toBe(2);
    expect(Object.keys(left.adapter.status.shards)).toEqual(['0']);
    expect(Object.keys(right.adapter.status.shards)).toEqual(['1']);
  });

  it('are served by one process each: a second one stands by, says so, and takes over without a gap', async () => {
    await begin();
    const store = await sharedStore();
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    const first = await run({ store });
    const second = await makeBot({ discord, store, config: { editIntervalMs: 30 } });
    bots.push(second);
    await second.start();
    await second.logged(/two processes use one DISCORD_TOKEN/);
    expect(second.adapter.status.state).toBe('standby');
    discord.say(ada, dm, 'one');
    await replies(discord, dm);
    await first.stop();
    discord.say(ada, dm, 'two');
    await replies(discord, dm, 2);
    expect(second.adapter.status.state).toBe('connected');
    expect(count(GatewayOpcodes.Identify)).toBe(1);
    expect(ours(discord, dm)).toHaveLength(2);
  });

  it('are left to whoever holds the lease, and served again when it can be had', async () => {
    await begin();
    const store = await sharedStore();
    const ada = discord.addUser();
    const dm = discord.dm(ada);
    let isLost = false;
    const forgetful: Store = {
      ...store,
      lease: {
        ...store.lease,
        renew: async (lease, ttlMs) => {
          if (!isLost || !lease.sessionId.startsWith('discord:gateway:'))
            return store.lease.renew(lease, ttlMs);
          isLost = false;
          return false;
        },
      },
    };
    const bot = await run({ store: forgetful });
    isLost = true;
    await bot.logged(/another process took over this shard/);
    discord.say(ada, dm, 'hello');
    await replies(discord, dm);
    expect(count(GatewayOpcodes.Identify)).toBe(1);
    expect(count(GatewayOpcodes.Resume)).toBe(1);
  });

  it('keep their state in Redis, from where a process on another machine resumes both', async () => {
    await begin({ shards: 2 });
    const redis = await startRedisServer();
    disposals.push(() => redis.stop());
    const machine = async (): Promise<Store> => {
      const store = await openRedisStore({ url: redis.url, clock: systemClock });
      disposals.unshift(() => store.close());
      return store;
    };
    const ada = discord.addUser();
    const channels = [0, 1].map((shard) =>
      discord.addChannel(discord.addGuild({ id: guildOf(shard, 3), members: [ada] })),
    );
    const first = await run({ store: await machine() });
    const second = await makeBot({ discord, store: await machine(), config: { editIntervalMs: 30 } });
    bots.push(second);
    await second.start();
    await second.logged(/standing by/);
    await first.stop();
    const asked = channels.map((channel) => discord.say(ada, channel, 'hello', { mention: true }));
    await Promise.all(asked.map(({ id }) => replies(discord, id)));
    expect(second.adapter.status.shards).toEqual({ 0: 'ready', 1: 'ready' });
    expect(count(GatewayOpcodes.Identify)).toBe(2);
    expect(count(GatewayOpcodes.Resume)).toBe(2);
  });
});

describe('a gateway that turns the connection down (issue 14, A.7)', () => {
  it('is asked less and less often', async () => {
    await begin();
    discord.gateway.control.cutAt({ stage: 'UPGRADE', code: 403, times: 4 });
    const began = performance.now();
    const bot = await run();
    // Twice a second it would have been let in after two; now the pauses are 1, 2 and 4 s.
    expect(performance.now() - began).toBeGreaterThan(6_000);
    expect(bot.log.some(({ message }) => message === 'the gateway connection had an error')).toBe(true);
  }, 20_000);
});
