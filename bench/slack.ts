import { SlackAdapter } from '../adapters/slack/slack-adapter.js';
import { startBot, watchProcess } from './crowd/bot.js';
import { forkCalls } from './crowd/fork-calls.js';
import { measure, prefixed } from './crowd/measures.js';
import { type ReplyPace, spokenMs } from './crowd/numbered-reply.js';
import type { SlackTalk, SlackTalks, SlackTraffic } from './crowd/slack-people.js';
import { quantile, round2 } from './figures.js';
import type { NumberedReplies } from './numbered-replies.js';
import type { SlackCrowd } from './slack-crowd.js';

export interface SlackBench {
  readonly bench: 'slack';
  /** Milliseconds unless the name says otherwise. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

export interface SlackBenchOptions {
  readonly conversations: number;
  /** All conversations begin within this time, ms. */
  readonly spreadMs: number;
  readonly pace: ReplyPace;
  /** Measure also where Slack counts no calls. */
  readonly unlimited: boolean;
}

const usual: SlackBenchOptions = {
  conversations: 200,
  spreadMs: 5_000,
  pace: { words: 120, ttftMs: 1_500, tokenMs: 50 },
  unlimited: true,
};
const longestMs = 300_000;

/**
 * Conversations at once over Socket Mode in one workspace, the double of Slack, its people and the model server in
 * processes of their own.
 */
export async function benchSlack(options: Partial<SlackBenchOptions> = {}): Promise<SlackBench> {
  const all = { ...usual, ...options };
  const model = await forkCalls<NumberedReplies>('bench/numbered-replies.ts');
  try {
    const { url } = await model.call('start', all.pace);
    const limited = await conversations(url, true, all);
    const free = all.unlimited ? await conversations(url, false, all) : {};
    return { bench: 'slack', metrics: { ...limited, ...prefixed('unlimited', free) }, notes: [] };
  } finally {
    await model.stop();
  }
}

async function conversations(
  modelUrl: string,
  rates: boolean,
  { conversations: count, spreadMs, pace }: SlackBenchOptions,
): Promise<Record<string, number | null>> {
  const crowd = await forkCalls<SlackCrowd>('bench/slack-crowd.ts');
  try {
    const { apiUrl, botToken, appToken } = await crowd.call('start', { rates });
    const bot = await startBot({
      modelUrl,
      configure: ({ config, secrets, sources }) => ({
        config: { ...config, slack: { ...config.slack, apiUrl } },
        secrets: { ...secrets, SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken },
        sources,
      }),
      adapters: (services) => {
        const secrets = { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken };
        return [new SlackAdapter({ services, secrets })];
      },
    });
    try {
      await crowd.call('ping', null);
      await crowd.call('gather', count);
      const talks: SlackTalks = { spreadMs, words: pace.words, limitMs: longestMs };
      const watched = watchProcess();
      await crowd.call('talk', talks);
      const { loopDelayP99Ms, cpuMs } = watched();
      // Nothing may follow: what was still running has ended before people look.
      await bot.close();
      const { talks: seen, traffic } = await crowd.call('report', talks);
      const { appendIntervalMs } = bot.core.loaded.config.slack;
      return {
        ...measure(seen, {
          intervalMs: appendIntervalMs,
          placeholderAfterMs: null,
          spokenMs: spokenMs(pace),
        }),
        ...waysOf(seen),
        ...callsOf(traffic),
        loopDelayP99Ms,
        cpuMsPerReply: round2(cpuMs / count),
      };
    } finally {
      await bot.close();
    }
  } finally {
    await crowd.stop();
  }
}

function waysOf(talks: readonly SlackTalk[]): Record<string, number | null> {
  const acks = talks.flatMap(({ ackedAt, saidAt }) => (ackedAt === null ? [] : [ackedAt - saidAt]));
  const count = (wanted: SlackTalk['way']): number => talks.filter(({ way }) => way === wanted).length;
  return {
    acknowledged: acks.length,
    eventToAckP50Ms: acks.length === 0 ? null : quantile(acks, 0.5),
    eventToAckP95Ms: acks.length === 0 ? null : quantile(acks, 0.95),
    streamed: count('streamed'),
    edited: count('edited'),
    postedWhole: count('whole'),
  };
}

function callsOf({ calls, refused }: SlackTraffic): Record<string, number> {
  return {
    appends: calls['chat.appendStream'] ?? 0,
    updates: calls['chat.update'] ?? 0,
    tooManyRequests: Object.values(refused).reduce((sum, times) => sum + times, 0),
  };
}
