import { afterEach, describe, expect, it } from 'vitest';
import { SlackSetting } from './slack-world.js';

describe('a conversation on Slack', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  it('answers a direct message in its thread, as a stream, once', async () => {
    setting = await SlackSetting.open();
    const { slack } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const { message } = slack.say(ada, dm, 'I had a hard day');
    const reply = await slack.until(() =>
      slack.replies(dm, { thread: message }).find(({ actions }) => actions.includes('rapport_feedback')),
    );
    expect(reply.text).toContain('I hear you. Tell me more.');
    expect(reply.threadTs).toBe(message.ts);
    expect(slack.replies(dm)).toHaveLength(1);
    expect(slack.calls('chat.startStream')).toHaveLength(1);
  });
});
