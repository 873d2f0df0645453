import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../../adapters/slack/address.js';
import { systemClock } from '../../../../src/clock.js';
import type { Channel, Seen } from '../../../doubles/slack/slack.js';
import { gate } from '../../../session/world.js';
import { SlackProcess, SlackSetting } from '../slack-world.js';

describe('several processes, and slow ones', () => {
  let setting: SlackSetting;
  let other: SlackProcess | null = null;
  afterEach(async () => {
    await other?.stop();
    other = null;
    await setting.close();
  });

  const http = (slack: SlackSetting['slack']) => ({
    slack: { mode: 'http' as const },
    secrets: { SLACK_SIGNING_SECRET: slack.signingSecret, SLACK_BOT_TOKEN: slack.botToken },
  });
  const listen = (process: SlackProcess): void => {
    setting.slack.http.url = `http://127.0.0.1:${process.adapter.port}/slack/events`;
  };
  const finished = (channel: Channel): Seen[] =>
    setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback'));

  it('a stop button works whichever process Slack tells', async () => {
    setting = await SlackSetting.open({ prepare: http });
    const { slack, store, process } = setting;
    other = await new SlackProcess(slack, store, http(slack)).start();
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const end = gate();
    process.model.next(async function* () {
      yield 'The beginning. ';
      for (let n = 0; n < 200; n += 1) {
        await Promise.race([end.opened, systemClock.sleep(25)]);
        yield `and ${n} `;
      }
    });
    listen(process);
    slack.say(ada, dm, 'tell me everything');
    const growing = await slack.until(() =>
      slack
        .replies(dm)
        .find(({ text, actions }) => text.includes('beginning') && actions.includes('rapport_stop')),
    );
    listen(other);
    await slack.press(ada, growing, 'rapport_stop').ack;
    const reply = await slack.until(() => finished(dm).at(0), 'the end of the reply', 4_000);
    expect(reply.text).toContain('(stopped)');
    expect(slack.responses).toHaveLength(0);
    end.open();
    await process.settled(slackSession(slack.team.id, dm.id));
  });

  it('a store that takes four seconds delays a message and neither loses nor repeats it', async () => {
    let slow = true;
    setting = await SlackSetting.open({
      wrap: (store) => ({
        ...store,
        inbox: {
          ...store.inbox,
          record: async (message) => {
            if (slow) {
              slow = false;
              await systemClock.sleep(3_400);
            }
            return store.inbox.record(message);
          },
        },
      }),
      prepare: http,
    });
    const { slack, process } = setting;
    listen(process);
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const [delivery] = slack.say(ada, dm, 'hello').deliveries;
    await delivery?.ack;
    await slack.until(() => finished(dm).length > 0);
    await process.settled(slackSession(slack.team.id, dm.id));
    expect(process.model.requests).toHaveLength(1);
    expect(slack.replies(dm)).toHaveLength(1);
  });
});
