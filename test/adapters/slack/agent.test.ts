import { afterEach, describe, expect, it } from 'vitest';
import type { Channel, Seen } from '../../doubles/slack/slack.js';
import { waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { SlackSetting } from './slack-world.js';

describe('Slack’s agent view (issue 14, B.2, B.3 and B.5)', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  const answered = (channel: Channel): Promise<Seen[]> =>
    setting.slack.until(() => {
      const replies = setting.slack
        .replies(channel)
        .filter(({ actions }) => actions.includes('rapport_feedback'));
      return replies.length > 0 && replies;
    }, 'a reply');
  const warnings = () => setting.process.log.filter(({ level }) => level === 'warn');

  it('B.2: what somebody looks at is taken in its documented form, which names nobody', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const { message } = slack.say(ben, channel, 'I quit today');
    const value = { message_ts: message.ts, channel_id: channel.id };
    await slack.lookAt(ada, [{ type: 'slack#/types/message_context', value }]).ack;
    const first = () => slack.team.prompts.get(slack.dm(ada).id)?.prompts[0]?.title;
    await slack.until(() => first() === 'About the message I am looking at');
    await slack.lookAt(ada).ack;
    await slack.until(() => first() === 'I had a hard day');
    const calls = slack.calls('assistant.threads.setSuggestedPrompts').length;
    await slack.lookAt(ada, [{ type: 'slack#/types/canvas_id', value: 'F1' }]).ack;
    expect(slack.calls('assistant.threads.setSuggestedPrompts')).toHaveLength(calls);
    expect(warnings()).toEqual([]);
    expect(await process.services.metrics.unreadEvents.get()).toMatchObject({ values: [] });
  });

  it('B.2: unknown forms are counted, and warned about once', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    for (let n = 0; n < 3; n += 1)
      await slack.events.event(slack.team, { type: 'app_home_opened', user: { id: 7 }, tab: 'home' }).ack;
    expect(warnings()).toHaveLength(1);
    const { values } = await process.services.metrics.unreadEvents.get();
    expect(values).toEqual([{ labels: { platform: 'slack' }, value: 3 }]);
  });

  it('B.3: Slack’s own stop button is there while a reply is written, ends it, and goes', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    process.model.next(waits('The beginning. ', gate().opened, 'never'));
    const { message } = slack.say(ada, dm, 'tell me');
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('The beginning')));
    await slack.stopSession(ada, dm, message).ack;
    const [reply] = await answered(dm);
    expect(reply?.text).toContain('(stopped)');
    await slack.until(() => slack.agentSession(dm, message)?.status === 'active');
  });

  it('B.3: the button goes with the last word, in threads of channels as well', async () => {
    setting = await SlackSetting.open();
    const { slack } = setting;
    const ada = slack.user('ada');
    const channel = slack.channel('general', [ada]);
    const { message } = slack.say(ada, channel, 'hello', { mention: true });
    await slack.until(() => slack.agentSession(channel, message)?.status === 'active');
    expect(slack.calls('agents.sessions.setStatus').map(({ args }) => args.status)).toContain('processing');
  });

  it('B.3: a button left by a process that died goes when it is pressed', async () => {
    setting = await SlackSetting.open();
    const { slack } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const { message } = slack.say(ada, dm, 'hello');
    await answered(dm);
    await slack.until(() => slack.agentSession(dm, message)?.status === 'active');
    slack.team.sessions.set(`${dm.id}/${message.ts}`, { status: 'processing', title: null });
    await slack.stopSession(ada, dm, message).ack;
    await slack.until(() => slack.agentSession(dm, message)?.status === 'active');
  });

  it('B.3: an app that is no agent is answered all the same, and Slack is not asked each time', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    slack.cloud.app.isAgent = false;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.say(ada, dm, 'hello');
    await answered(dm);
    slack.say(ada, dm, 'again');
    await slack.until(() => process.model.requests.length === 2);
    expect(slack.calls('agents.sessions.setStatus')).toHaveLength(1);
  });

  it('B.5: a thread is called by its first words', async () => {
    setting = await SlackSetting.open();
    const { slack } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const { message } = slack.say(ada, dm, `The exam is on Monday :cry: ${'and so on '.repeat(20)}`);
    await answered(dm);
    const title = slack.agentSession(dm, message)?.title ?? '';
    expect(title).toMatch(/^The exam is on Monday 😢 and so on .*…$/);
    expect(title.length).toBeLessThanOrEqual(60);
  });
});
