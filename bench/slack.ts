import { SlackAdapter } from '../adapters/slack/slack-adapter.js';
import { startBot, watchProcess } from './crowd/bot.js';
import { forkCalls } from './crowd/fork-calls.js';
import { measure, prefixed } from './crowd/measures.js';
import { type ReplyPace, spokenMs } from './crowd/numbered-reply.js';
import { installIn, slackConfig, slackSecrets } from './crowd/slack-installs.js';
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
  /** Workspaces of the second run; 0 leaves it out. */
  readonly workspaces: number;
  /** Measure in a process that has been through it before. */
  readonly warm: boolean;
}

const usual: SlackBenchOptions = {
  conversations: 200,
  spreadMs: 5_000,
  pace: { words: 120, ttftMs: 1_500, tokenMs: 50 },
  workspaces: 25,
  warm: true,
};
const longestMs = 300_000;

/**
 * Conversations at once over Socket Mode on one process, the double of Slack, its people and the model server in processes
 * of their own: in one workspace, which shares what Slack grants it, then over many.
 */
export async function benchSlack(options: Partial<SlackBenchOptions> = {}): Promise<SlackBench> {
  const all = { ...usual, ...options };
  const model = await forkCalls<NumberedReplies>('bench/numbered-replies.ts');
  try {
    const { url } = await model.call('start', all.pace);
    if (all.warm) await conversations(url, 1, { ...all, conversations: Math.ceil(all.conversations / 4) });
    const single = await conversations(url, 1, all);
    const many = all.workspaces > 0 ? await conversations(url, all.workspaces, all) : {};
    return { bench: 'slack', metrics: { ...single, ...prefixed('workspaces', many) }, notes: [] };
  } finally {
    await model.stop();
  }
}

async function conversations(
  modelUrl: string,
  workspaces: number,
  { conversations: count, spreadMs, pace }: SlackBenchOptions,
): Promise<Record<string, number | null>> {
  const crowd = await forkCalls<SlackCrowd>('bench/slack-crowd.ts');
  try {
    const slack = await crowd.call('start', { workspaces });
    const secrets = slackSecrets(slack.appToken, slack.workspaces);
    const bot = await startBot({
      modelUrl,
      configure: (loaded) => slackConfig(loaded, slack.apiUrl, secrets),
      adapters: (services) => [new SlackAdapter({ services, secrets })],
    });
    try {
      await installIn(bot.core, slack.appId, workspaces === 1 ? [] : slack.workspaces);
      await crowd.call('ping', null);
      await crowd.call('gather', count);
      const { appendIntervalMs, editIntervalMs } = bot.core.loaded.config.slack;
      const talks: SlackTalks = {
        spreadMs,
        words: pace.words,
        appendIntervalMs,
        editIntervalMs,
        limitMs: longestMs,
      };
      const watched = watchProcess();
      await crowd.call('talk', talks);
      const { loopDelayP99Ms, cpuMs } = watched();
      // Nothing may follow: what was still running has ended before people look.
      await bot.close();
      const { talks: seen, traffic } = await crowd.call('report', talks);
      return {
        ...measure(seen, { placeholderAfterMs: null, spokenMs: spokenMs(pace) }),
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
