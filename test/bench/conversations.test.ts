import { describe, expect, it } from 'vitest';
import { benchDiscord } from '../../bench/discord.js';
import { benchSlack } from '../../bench/slack.js';

/** Twenty people within a second, replies of a second: what is measured is right, how long it takes is the benchmark's. */
const small = {
  conversations: 20,
  spreadMs: 1_000,
  pace: { words: 20, ttftMs: 200, tokenMs: 40 },
  warm: false,
};
const whole = { conversations: 20, wholeReplies: 20, lost: 0, duplicated: 0, tooManyRequests: 0 };
const limitMs = 120_000;

describe('conversations at once, each process of its own', () => {
  it(
    'are all answered whole and once on Discord, at its usual limit and above',
    async () => {
      const { bench, metrics } = await benchDiscord({ ...small, guilds: 20 });
      expect(bench).toBe('discord');
      expect(metrics).toMatchObject(whole);
      expect(metrics).toMatchObject({ limitedWholeReplies: 20, limitedLost: 0, limitedDuplicated: 0 });
      expect(metrics.eventToSignP95Ms).toBeGreaterThan(0);
      expect(metrics.edits).toBeGreaterThan(0);
      expect(metrics.rssMb).toBeGreaterThan(20);
    },
    limitMs,
  );

  it(
    'are all answered whole and once on Slack, in one workspace and in many',
    async () => {
      const { bench, metrics } = await benchSlack({ ...small, workspaces: 4 });
      expect(bench).toBe('slack');
      expect(metrics).toMatchObject({ ...whole, acknowledged: 20, streamed: 15 });
      expect(metrics).toMatchObject({
        workspacesWholeReplies: 20,
        workspacesLost: 0,
        workspacesDuplicated: 0,
        workspacesStreamed: 20,
      });
    },
    limitMs,
  );
});
