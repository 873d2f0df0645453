import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { type ModelServer, startModelServer } from '../../doubles/model-server.js';
import { type RapportProcess, startRapport } from '../../doubles/rapport-process.js';
import type { User } from '../../doubles/slack/cloud.js';
import { type Channel, type Seen, type SlackDouble, startSlack } from '../../doubles/slack/slack.js';

vi.setConfig({ testTimeout: 60_000 });

const story = Array.from({ length: 40 }, (_, n) => `word${n} `);

/** `rapport start` with Slack, killed by SIGKILL at moments of a reply, and started again on the same data. */
describe('a process that serves Slack is killed', () => {
  let slack: SlackDouble;
  let model: ModelServer;
  let folder: string;
  let ada: User;
  let dm: Channel;
  const running: RapportProcess[] = [];

  beforeEach(async () => {
    slack = await startSlack({ rates: false });
    model = await startModelServer({ behaviour: { reply: story, tokenMs: 15 } });
    folder = mkdtempSync(join(tmpdir(), 'rapport-slack-kill-'));
    writeFileSync(
      join(folder, 'rapport.yaml'),
      stringify({
        state: { leaseMs: 1_500, sweepMs: 200 },
        slack: { apiUrl: slack.apiUrl, editIntervalMs: 50, appendIntervalMs: 50, sockets: 1 },
        delivery: { flushMs: 40, flushChars: 10, avatarUrl: '' },
      }),
    );
    ada = slack.user('ada');
    dm = slack.dm(ada);
  });
  afterEach(async () => {
    for (const process of running.splice(0)) await process.crash();
    await slack.close();
    await model.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (): Promise<RapportProcess> => {
    const process = await startRapport({
      RAPPORT_DATA_DIR: folder,
      RAPPORT_CONFIG: join(folder, 'rapport.yaml'),
      MODEL_BASE_URL: `${model.root}/v1`,
      MODEL_NAME: 'test-model',
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
    });
    running.push(process);
    await slack.until(() => slack.sockets.count > 0, 'a socket', 20_000);
    return process;
  };
  const finished = (): Seen[] =>
    slack.replies(dm).filter(({ actions }) => actions.includes('rapport_feedback'));
  /** Everything that carries words of the story, whatever state it is in. */
  const telling = (): Seen[] => slack.replies(dm).filter(({ text }) => text.includes('word'));
  const whole = (text: string): boolean => story.every((word) => text.includes(word.trim()));

  const moments: Readonly<Record<string, () => unknown>> = {
    'before the first word': () => model.completions.length > 0,
    'with the stream just opened': () => slack.calls('chat.startStream').length > 0,
    'in mid-stream': () => telling().some(({ text }) => text.includes('word15')),
    'near its end': () => telling().some(({ text }) => text.includes('word37')),
  };

  it.each(Object.keys(moments))('%s: the message is answered, once', async (moment) => {
    const first = await start();
    slack.say(ada, dm, 'tell me everything');
    await slack.until(moments[moment] ?? (() => false), moment, 20_000);
    await first.crash();
    await start();
    await slack.until(() => finished().length > 0, 'the reply', 20_000);
    expect(finished()).toHaveLength(1);
    expect(telling()).toHaveLength(1);
    expect(whole(finished()[0]?.text ?? '')).toBe(true);
    expect(telling()[0]?.streaming).toBe(false);
    slack.say(ada, dm, 'and again');
    await slack.until(() => finished().length === 2, 'the second reply', 20_000);
    expect(telling()).toHaveLength(2);
  });

  it('after a post whose answer was lost: the message is found again, not posted twice', async () => {
    const first = await start();
    slack.faults.hang('chat.startStream', { after: true });
    slack.say(ada, dm, 'tell me everything');
    await slack.until(() => slack.calls('chat.startStream').length > 0, 'the post', 20_000);
    await first.crash();
    await start();
    await slack.until(() => finished().length > 0, 'the reply', 20_000);
    expect(telling()).toHaveLength(1);
    expect(slack.replies(dm)).toHaveLength(1);
  });

  it('while events wait for their acknowledgement: nothing is lost and nothing said twice', async () => {
    const first = await start();
    const said = Array.from({ length: 5 }, (_, n) => slack.say(ada, dm, `message ${n}`));
    await first.crash();
    await start();
    for (const { deliveries } of said)
      for (const delivery of deliveries) if (!delivery.acked) await slack.redeliver(delivery);
    const answeredAll = (): boolean => {
      const asked = model.completions.map(({ body }) => JSON.stringify(body)).join('\n');
      return said.every((_, n) => asked.includes(`message ${n}`));
    };
    await slack.until(answeredAll, 'all messages are answered', 20_000);
    await slack.until(() => slack.replies(dm).every(({ streaming }) => !streaming), 'all ends', 20_000);
    for (const { deliveries } of said)
      for (const delivery of deliveries) await slack.redeliver(delivery, 'http_timeout');
    const asked = model.completions.at(-1)?.body?.messages;
    const lines = JSON.stringify(asked);
    for (let n = 0; n < 5; n += 1) expect(lines.split(`message ${n}`)).toHaveLength(2);
  });
});
