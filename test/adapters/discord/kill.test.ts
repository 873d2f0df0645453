import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Discord, startDiscord } from '../../doubles/discord/index.js';
import type { Channel, User } from '../../doubles/discord/people/places.js';
import type { FaultMatch } from '../../doubles/discord/rest/faults.js';
import { type ModelServer, startModelServer } from '../../doubles/model-server.js';
import { type RapportProcess, startRapport } from '../../doubles/rapport-process.js';
import { isDone, ours } from './on-screen.js';

/** Long words, for a reply has 300 of them at most: 60 parts make two messages. */
const part = (n: number): string => `part-${n}-of-a-long-story-that-is-told-slowly-in-the-night.`;
const parts = 60;
const story = Array.from({ length: parts }, (_, n) => part(n)).join(' ');
const creation = { method: 'POST', path: /\/(channels\/\d+\/messages|webhooks\/\d+\/[\w-]{20,})(\?|$)/ };
const change = { method: 'PATCH', path: /\/messages\/\d+/ };

let model: ModelServer;
let discord: Discord;
let dataDir: string;
let ada: User;
let channel: Channel;
let running: RapportProcess[] = [];

beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.stop());
vi.setConfig({ testTimeout: 90_000 });
beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
  ada = discord.addUser({ username: 'ada' });
  channel = discord.addChannel(discord.addGuild({ members: [ada] }));
  dataDir = mkdtempSync(join(tmpdir(), 'rapport-discord-'));
  writeFileSync(join(dataDir, 'rapport.yaml'), 'state: { leaseMs: 1000, sweepMs: 200 }\n');
});
afterEach(async () => {
  for (const process of running.splice(0)) await process.crash();
  await discord.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<RapportProcess> {
  const process = await startRapport({
    RAPPORT_CONFIG: join(dataDir, 'rapport.yaml'),
    RAPPORT_DATA_DIR: dataDir,
    MODEL_BASE_URL: model.url,
    MODEL_NAME: 'test-model',
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    LOG_LEVEL: 'error',
  });
  running = [...running, process];
  await discord.until(() => [...discord.gateway.connections].some(({ session }) => session !== null), {
    timeoutMs: 20_000,
    what: 'that the process is connected',
  });
  return process;
}

/** Resolves once a request that matches has come; it goes no further. */
const reached = (match: FaultMatch): Promise<void> => discord.faults.hold(match).reached;
/** Resolves once something of the reply can be read. */
const visible = (place: () => string): Promise<unknown> =>
  discord.until(() => ours(discord, place()).some(({ text }) => text.includes('part-0-')), {
    timeoutMs: 30_000,
  });
const seen = (place: () => string, what: string): Promise<unknown> =>
  discord.until(() => ours(discord, place()).some(({ text }) => text.includes(what)), { timeoutMs: 30_000 });

type Place = () => string;
/** Moments of a turn, as Discord sees them. */
const moments: readonly (readonly [name: string, reach: (place: Place) => Promise<unknown>])[] = [
  ['before the first post takes place', () => reached(creation)],
  [
    'after the first post took place, unknown to the process',
    (place) => {
      discord.faults.dropResponse(creation);
      return visible(place);
    },
  ],
  ['in mid-stream', (place) => visible(place).then(() => seen(place, 'part-20-'))],
  ['before an edit takes place', (place) => visible(place).then(() => reached(change))],
  ['in the second message', (place) => seen(place, 'part-45-')],
];

describe('kill -9', () => {
  describe.each(['a direct message', 'a thread'] as const)('in %s', (where) => {
    it.each(moments)('%s: after a restart everything is answered once and whole', async (_name, reach) => {
      const first = await start();
      model.behaviour = { reply: story, tokenMs: 60 };
      const isThread = where === 'a thread';
      const asked = isThread
        ? discord.say(ada, channel, 'tell me a story', { mention: true })
        : discord.say(ada, discord.dm(ada), 'tell me a story');
      const place = (): string => (isThread ? asked.id : discord.dm(ada).id);
      await reach(place);
      await first.crash();
      discord.faults.clear();
      model.behaviour = { reply: story };
      discord.say(ada, place(), 'are you still there?', { mention: isThread });
      const second = await start();
      await discord.until(() => ours(discord, place()).filter(isDone).length >= 1 && model.active === 0, {
        timeoutMs: 40_000,
        what: 'the reply after the restart',
      });
      const text = (): string =>
        ours(discord, place())
          .map((message) => message.text)
          .join(' ');
      // Both messages were there before the restart: one reply answers them together, or one each.
      const replies = ours(discord, place()).filter(isDone).length;
      for (let n = 0; n < parts; n += 1) expect(text().split(part(n)).length - 1).toBe(replies);
      expect(text()).not.toContain('broke off');
      expect(ours(discord, place()).some(({ text: shown }) => shown === '…' || shown === '')).toBe(false);
      discord.say(ada, place(), 'thank you', { mention: isThread });
      await discord.until(() => ours(discord, place()).filter(isDone).length === replies + 1, {
        timeoutMs: 40_000,
        what: 'the reply to what came last',
      });
      expect(await second.stop()).toBe(0);
    });
  });
});
