import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../adapters/slack/address.js';
import type { Channel, Message, Seen } from '../../doubles/slack/slack.js';
import { SlackSetting } from './slack-world.js';

describe('called into a thread of others (issue 14, B.1 and B.4)', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  const answered = (channel: Channel, thread: Message, count = 1): Promise<Seen[]> =>
    setting.slack.until(() => {
      const replies = setting.slack
        .replies(channel, { thread })
        .filter(({ actions }) => actions.includes('rapport_feedback'));
      return replies.length >= count && replies;
    }, `${count} replies`);

  it('B.1: reads what was said before it, with names, newest first where there is too much', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben, cleo] = [slack.user('ada'), slack.user('ben'), slack.user('cleo')];
    const channel = slack.channel('general', [ada, ben, cleo]);
    const { message: root } = slack.say(ben, channel, 'Shall we move to Porto?');
    for (let n = 1; n <= 12; n += 1)
      slack.say(n % 2 ? cleo : ben, channel, `line ${n} ${'of many words '.repeat(45)}`, { thread: root });
    slack.say(cleo, channel, `I am afraid of <@${ben.id}> leaving :cry:`, { thread: root });
    slack.say(ada, channel, 'who is afraid?', { mention: true, thread: root });
    await answered(channel, root);
    const { prompt } = process.model;
    expect(prompt).toContain('who is afraid?');
    expect(prompt).toContain('> ben: Shall we move to Porto?');
    expect(prompt).toContain('> cleo: I am afraid of @ben leaving 😢');
    expect(prompt).toContain('line 12 ');
    expect(prompt).not.toContain('line 1 ');
    expect(prompt).toContain('> …');
    expect(prompt.indexOf('line 11 ')).toBeLessThan(prompt.indexOf('line 12 '));
    expect(slack.calls('conversations.replies')).toHaveLength(1);
  });

  it('B.1: alerts of programs are read where their text is only in attachments or blocks', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const channel = slack.channel('alerts', [ada]);
    const root = slack.cloud.addMessage(channel, {
      user: 'U0PAGER',
      username: 'Pager',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'The night bus is late' } }],
    });
    slack.say(ada, channel, 'what does it want?', { mention: true, thread: root });
    await answered(channel, root);
    expect(process.model.prompt).toContain('> Pager: The night bus is late');
  });

  it('B.4: makes do with what a restricted app gets, asks once a minute, and says when nothing could be read', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    slack.cloud.app.isRestricted = true;
    slack.rates.enabled = true;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const { message: root } = slack.say(ben, channel, 'Nobody listens');
    for (let n = 1; n <= 30; n += 1) slack.say(ben, channel, `line ${n}.`, { thread: root });
    const said = slack.say(ada, channel, 'what now?', { mention: true, thread: root });
    await answered(channel, root);
    expect(process.model.prompt).toContain('> ben: Nobody listens');
    expect(process.model.prompt).toContain('line 14.');
    // Slack sends the event again: what was read is kept.
    for (const delivery of said.deliveries) await slack.events.again(delivery);
    const reading = slack.calls('conversations.replies');
    expect(reading.filter(({ status }) => status === 200)).toHaveLength(1);

    const { message: other } = slack.say(ben, channel, 'Something else');
    slack.say(ada, channel, 'and this?', { mention: true, thread: other });
    await answered(channel, other);
    expect(process.model.prompt).toContain('and this?');
    await slack.until(() =>
      slack.replies(channel, { thread: other }).some(({ text }) => text.includes('does not let me read')),
    );
  });

  it('B.5: answers only those who mention it where threads are set so, and reads what was said since', async () => {
    setting = await SlackSetting.open({ slack: { threadReplies: 'mentions' } });
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const { message: root } = slack.say(ada, channel, 'hello', { mention: true });
    await answered(channel, root);
    await process.settled(slackSession(slack.team.id, channel.id, root.ts));
    await slack.say(ben, channel, 'Ada, will you come to the lake?', { thread: root }).deliveries[0]?.ack;
    await slack.say(ada, channel, 'I would love to', { thread: root }).deliveries[0]?.ack;
    expect(process.model.requests).toHaveLength(1);
    slack.say(ben, channel, 'what should we pack?', { mention: true, thread: root });
    await answered(channel, root, 2);
    expect(process.model.prompt).toContain('> ben: Ada, will you come to the lake?');
    expect(process.model.prompt).toContain('> ada: I would love to');
    expect(process.model.prompt).not.toContain('> ada: hello');
  });
});
