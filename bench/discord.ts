import { DiscordAdapter } from '../adapters/discord/discord-adapter.js';
import { loadLocale } from '../app/settings.js';
import type { Config } from '../config/schema.js';
import { type BenchedBot, memoryMb, startBot, watchProcess } from './crowd/bot.js';
import type { DiscordTalks } from './crowd/discord-people.js';
import { type ForkedCalls, forkCalls } from './crowd/fork-calls.js';
import { measure, perSecond, prefixed } from './crowd/measures.js';
import { type ReplyPace, spokenMs } from './crowd/numbered-reply.js';
import type { DiscordCrowd } from './discord-crowd.js';
import { busiestSecond, round2 } from './figures.js';
import type { NumberedReplies } from './numbered-replies.js';

export interface DiscordBench {
  readonly bench: 'discord';
  /** Milliseconds unless the name says otherwise. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

export interface DiscordBenchOptions {
  readonly conversations: number;
  /** All conversations begin within this time, ms. */
  readonly spreadMs: number;
  readonly pace: ReplyPace;
  /** Servers of the memory measurement; 0 leaves it out. */
  readonly guilds: number;
  /** Measure also under the limit that Discord has for every bot. */
  readonly usualLimit: boolean;
  /** Measure in a process that has been through it before. */
  readonly warm: boolean;
}

const usual: DiscordBenchOptions = {
  conversations: 200,
  spreadMs: 5_000,
  pace: { words: 120, ttftMs: 1_500, tokenMs: 50 },
  guilds: 1_000,
  usualLimit: true,
  warm: true,
};
/** Requests a second that Discord grants every bot, and what is granted where the process itself is measured. */
const usualRequests = 50;
const enoughRequests = 1_000;
const longestMs = 120_000;

/**
 * Conversations at once on one process, the double of Discord, its people and the model server in processes of their own:
 * first with as many requests a second as the process can use, then with the 50 that Discord grants every bot. And what
 * 1,000 servers weigh.
 */
export async function benchDiscord(options: Partial<DiscordBenchOptions> = {}): Promise<DiscordBench> {
  const all = { ...usual, ...options };
  const model = await forkCalls<NumberedReplies>('bench/numbered-replies.ts');
  try {
    const { url } = await model.call('start', all.pace);
    const weight = all.guilds > 0 ? await guildMemory(url, all.guilds) : { metrics: {}, notes: [] };
    if (all.warm)
      await conversations(url, enoughRequests, { ...all, conversations: Math.ceil(all.conversations / 4) });
    const free = await conversations(url, enoughRequests, all);
    const limited = all.usualLimit ? await conversations(url, usualRequests, all) : {};
    return {
      bench: 'discord',
      metrics: { ...free, ...prefixed('limited', limited), ...weight.metrics },
      notes: weight.notes,
    };
  } finally {
    await model.stop();
  }
}

interface Scene {
  readonly crowd: ForkedCalls<DiscordCrowd>;
  readonly bot: BenchedBot;
  readonly config: Config;
}

async function withScene<T>(
  modelUrl: string,
  requestsPerSecond: number,
  run: (scene: Scene) => Promise<T>,
): Promise<T> {
  const crowd = await forkCalls<DiscordCrowd>('bench/discord-crowd.ts');
  try {
    const { apiUrl, token } = await crowd.call('start', { requestsPerSecond });
    const bot = await startBot({
      modelUrl,
      configure: (loaded) => ({
        ...loaded,
        config: {
          ...loaded.config,
          discord: {
            ...loaded.config.discord,
            apiUrl,
            faces: 'webhook',
            requestsPerSecond: { bot: requestsPerSecond, webhooks: requestsPerSecond },
          },
        },
      }),
      adapters: (services) => [new DiscordAdapter({ services, token, times: { identifyMs: 0 } })],
    });
    try {
      await crowd.call('ping', null);
      return await run({ crowd, bot, config: bot.core.loaded.config });
    } finally {
      await bot.close();
    }
  } finally {
    await crowd.stop();
  }
}

async function conversations(
  modelUrl: string,
  requestsPerSecond: number,
  { conversations: count, spreadMs, pace }: DiscordBenchOptions,
): Promise<Record<string, number | null>> {
  return withScene(modelUrl, requestsPerSecond, async ({ crowd, bot, config }) => {
    const talks: DiscordTalks = {
      spreadMs,
      words: pace.words,
      placeholder: loadLocale(config.locale).say('delivery.placeholder'),
      intervalMs: config.discord.editIntervalMs,
      limitMs: longestMs,
    };
    await crowd.call('gather', count);
    const watched = watchProcess();
    await crowd.call('talk', talks);
    const { loopDelayP99Ms, cpuMs } = watched();
    // Nothing may follow: what was still running has ended before people look.
    await bot.close();
    const report = await crowd.call('report', talks);
    const { countedAt, editedAt, refused } = report.traffic;
    return {
      ...measure(report.talks, {
        placeholderAfterMs: config.discord.placeholderAfterMs,
        spokenMs: spokenMs(pace),
      }),
      editsPerSecond: perSecond(editedAt),
      editsBusiestSecond: busiestSecond(editedAt),
      botRequestsBusiestSecond: busiestSecond(countedAt),
      tooManyRequests: Object.values(refused).reduce((sum, times) => sum + times, 0),
      loopDelayP99Ms,
      cpuMsPerReply: round2(cpuMs / count),
    };
  });
}

async function guildMemory(
  modelUrl: string,
  guilds: number,
): Promise<{ readonly metrics: Record<string, number>; readonly notes: readonly string[] }> {
  return withScene(modelUrl, enoughRequests, async ({ crowd }) => {
    const grow = async (count: number): Promise<{ rss: number; heap: number; bytes: number }> => {
      const bytes = await crowd.call('invite', count);
      await crowd.call('ping', null);
      return { ...memoryMb(), bytes };
    };
    // What is allocated once, whatever comes, is allocated by then.
    const before = await grow(Math.ceil(guilds / 10));
    const after = await grow(guilds);
    return {
      metrics: {
        rssPer1000GuildsMb: round2(((after.rss - before.rss) * 1_000) / guilds),
        heapPer1000GuildsMb: round2(((after.heap - before.heap) * 1_000) / guilds),
        rssMb: round2(after.rss),
      },
      notes: [`a server weighs ${Math.round(after.bytes / 1_024)} kB on the gateway`],
    };
  });
}
