import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../adapters/slack/address.js';
import type { User } from '../../doubles/slack/cloud.js';
import type { Channel, Seen } from '../../doubles/slack/slack.js';
import { says, waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { SlackProcess, SlackSetting } from './slack-world.js';

describe('the buttons under replies', () => {
  let setting: SlackSetting;
  let ada: User;
  let dm: Channel;
  afterEach(() => setting.close());

  const start = async (): Promise<SlackSetting> => {
    setting = await SlackSetting.open();
    ada = setting.slack.user('ada');
    dm = setting.slack.dm(ada);
    return setting;
  };
  const finished = (channel = dm): Seen[] =>
    setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = async (count = 1, channel = dm): Promise<Seen> => {
    await setting.slack.until(() => finished(channel).length >= count, `${count} replies`);
    const last = finished(channel).at(-1);
    if (!last) throw new Error('there is a reply');
    return last;
  };
  const session = () => slackSession(setting.slack.team.id, dm.id);
  const told = (text: string): Promise<unknown> =>
    setting.slack.until(
      () => setting.slack.responses.some(({ body }) => String(body.text).includes(text)),
      `an answer with ${text}`,
    );

  it('stop: what has arrived stays', async () => {
    const { slack, process } = await start();
    const never = gate();
    process.model.next(waits('The beginning of it. ', never.opened, 'Never said.'));
    slack.say(ada, dm, 'tell me everything');
    const growing = await slack.until(() =>
      slack
        .replies(dm)
        .find(({ text, actions }) => text.includes('beginning') && actions.includes('rapport_stop')),
    );
    await slack.press(ada, growing, 'rapport_stop').ack;
    const reply = await answered();
    expect(reply.text).toContain('The beginning of it.');
    expect(reply.text).toContain('(stopped)');
    expect(reply.text).not.toContain('Never said');
    await process.settled(session());
    expect(process.model.aborted).toBe(1);
  });

  it('another answer: once a press, to the last reply only, also after a restart', async () => {
    const { slack, process, store } = await start();
    process.model.next(says('First try.'), says('Second try.'));
    slack.say(ada, dm, 'hello');
    const first = await answered();
    await process.settled(session());
    await Promise.all([
      slack.press(ada, first, 'rapport_regenerate').ack,
      slack.press(ada, first, 'rapport_regenerate').ack,
    ]);
    const second = await answered(2);
    expect(second.text).toContain('Second try.');
    await process.settled(session());
    expect(process.model.requests).toHaveLength(2);
    await slack.press(ada, first, 'rapport_regenerate').ack;
    await told('Only the last reply');
    await process.stop();
    const next = await new SlackProcess(slack, store).start();
    try {
      next.model.next(says('Third try.'));
      await slack.press(ada, second, 'rapport_regenerate').ack;
      expect((await answered(3)).text).toContain('Third try.');
      const { entries } = await store.transcript.page(session(), { limit: 50 });
      expect(entries.filter(({ role, text }) => role === 'supporter' && text.includes('try'))).toHaveLength(
        1,
      );
    } finally {
      await next.stop();
    }
  });

  it('good and bad are kept with the reply', async () => {
    const { slack, process, store } = await start();
    slack.say(ada, dm, 'hello');
    const reply = await answered();
    await process.settled(session());
    const feedback = async (): Promise<string | undefined> =>
      (await store.transcript.page(session(), { limit: 50 })).entries.findLast(
        ({ role }) => role === 'supporter',
      )?.feedback;
    await slack.press(ada, reply, 'positive').ack;
    expect(await feedback()).toBe('up');
    await slack.press(ada, reply, 'negative').ack;
    expect(await feedback()).toBe('down');
  });

  it('in a thread they are for who takes part, and for administrators', async () => {
    const { slack, process } = await start();
    const [ben, cy] = [slack.user('ben'), slack.user('cy')];
    const channel = slack.channel('general', [ada, ben, cy]);
    const { message } = slack.say(ada, channel, 'hello', { mention: true });
    const reply = await answered(1, channel);
    const id = slackSession(slack.team.id, channel.id, message.ts);
    await process.settled(id);
    await slack.press(ben, reply, 'rapport_regenerate').ack;
    await told('somebody else');
    expect(process.model.requests).toHaveLength(1);
    slack.say(ben, channel, 'me too', { thread: message });
    const second = await answered(2, channel);
    await process.settled(id);
    await slack.press(ben, second, 'rapport_regenerate').ack;
    const third = await answered(3, channel);
    await process.settled(id);
    cy.isAdmin = true;
    await slack.press(cy, third, 'rapport_regenerate').ack;
    await answered(4, channel);
  });

  it('answer politely when their conversation is gone, finished, or of an older version', async () => {
    const { slack, process, store } = await start();
    slack.say(ada, dm, 'hello');
    const reply = await answered();
    await process.settled(session());
    await store.sessions.remove(session());
    await slack.press(ada, reply, 'rapport_regenerate').ack;
    await told('does not exist any more');
    const channel = slack.channel('general', [ada]);
    await slack.events.send('interactive', {
      type: 'block_actions',
      team: { id: slack.team.id },
      user: { id: ada.id },
      trigger_id: '1.2.3',
      channel: { id: channel.id },
      container: { type: 'message', message_ts: '1.1', channel_id: channel.id },
      response_url: slack.cloud.responseUrl(channel, ada.id, null),
      actions: [{ type: 'button', action_id: 'rapport_of_another_version', value: 'x' }],
    }).ack;
    await told('older version');
    for (const value of ['', 'slack:T1', 'slack:T1:D1#x', 'discord:x#1', 'slack:T9:D9#1', '{"a":1}'])
      await slack.events.send('interactive', {
        type: 'block_actions',
        team: { id: slack.team.id },
        user: { id: ada.id },
        response_url: slack.cloud.responseUrl(channel, ada.id, null),
        actions: [{ type: 'button', action_id: 'rapport_stop', value }],
      }).ack;
    await slack.until(
      () => slack.responses.filter(({ body }) => String(body.text).includes('does not exist')).length === 7,
    );
  });
});
