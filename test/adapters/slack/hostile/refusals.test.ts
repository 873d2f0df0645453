import { afterEach, describe, expect, it } from 'vitest';
import { slackPerson, slackSession } from '../../../../adapters/slack/address.js';
import { pausePerson } from '../../../../src/commands/privacy.js';
import { saveSettings } from '../../../../src/commands/settings.js';
import type { Channel, Message, Seen, User } from '../../../doubles/slack/slack.js';
import { SlackSetting } from '../slack-world.js';

const crisis = 'I want to kill myself';

describe('somebody who is not answered', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  const finished = (channel: Channel): Seen[] =>
    setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = async (channel: Channel, count = 1): Promise<Seen> => {
    await setting.slack.until(() => finished(channel).length >= count, `${count} replies`);
    const last = finished(channel).at(-1);
    if (!last) throw new Error('there is a reply');
    return last;
  };
  const person = (user: User) => slackPerson(user.team.id, user.id);
  const dmSession = (dm: Channel) => slackSession(setting.slack.team.id, dm.id);

  it('is told of the daily allowance each time they ask by command, form or button, and nothing untrue', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const dm = slack.dm(ada);
    const channel = slack.channel('general', [ada, ben]);
    const { message } = slack.say(ben, channel, 'The moon is made of cheese.');
    await saveSettings(process.services, `slack:${slack.team.id}`, { dailyReplies: 1 });
    slack.say(ada, dm, 'hello');
    const reply = await answered(dm);
    await process.settled(dmSession(dm));
    const asked = async (about: Message): Promise<string> => {
      await slack.shortcut(ada, 'rapport_ask', about).ack;
      await slack.submitView(ada, { text: 'Is that so?' }).ack;
      return JSON.stringify(slack.modal(ada).view);
    };
    for (const told of [await asked(message), await asked(message)]) {
      expect(told).not.toContain('paused');
      expect(told).toContain('1');
      expect(told).toMatch(/today|tomorrow|hour/i);
    }
    const typed = await slack.command(ada, dm, '/rapport', 'chat hello again').ack;
    expect(String(typed.payload.text)).toMatch(/today|tomorrow|hour/i);
    await slack.press(ada, reply, 'rapport_regenerate').ack;
    await slack.until(() =>
      slack.responses.some(({ body }) => /today|tomorrow|hour/i.test(String(body.text))),
    );
    expect(process.model.requests).toHaveLength(1);
  });

  it('and has paused, but says that they are in danger, is told where there is help, and nothing is kept', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    await pausePerson(process.services, person(ada), true);
    for (const [n, text] of [crisis, `${crisis}, really`].entries()) {
      const { deliveries } = slack.say(ada, dm, text);
      await Promise.all(deliveries.map(({ ack }) => ack));
      const care = (await process.services.care.answer([crisis], null))?.text.split('\n', 1)[0] ?? '?';
      await slack.until(
        () => slack.replies(dm).filter(({ text: told }) => told.includes(care)).length === n + 1,
      );
    }
    expect(await store.sessions.get(dmSession(dm))).toBeNull();
    expect(process.model.requests).toHaveLength(0);
  });

  it('where characters may not answer, but is in danger, is told where there is help, alone', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const closed = slack.channel('closed', [ada]);
    await saveSettings(process.services, `slack:${slack.team.id}`, { allowedChannels: ['C0ELSEWHERE'] });
    slack.say(ada, closed, crisis, { mention: true });
    const care = (await process.services.care.answer([crisis], null))?.text.split('\n', 1)[0] ?? '?';
    const told = await slack.until(() =>
      slack.whatUsersSee(closed, { as: ada }).find(({ text }) => text.includes(care)),
    );
    expect(told.ephemeralTo).toBe(ada.id);
  });

  it('to whom a beginning could not be posted learns with the next reply that this is an AI', async () => {
    setting = await SlackSetting.open();
    const { slack } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.faults.rateLimit('chat.postMessage', 1);
    const answer = await slack.command(ada, dm, '/rapport', 'character rin-asakura').ack;
    expect(String(answer.payload.text)).not.toContain('waiting for you');
    expect(slack.replies(dm)).toHaveLength(0);
    slack.say(ada, dm, 'hello');
    expect((await answered(dm)).text).toContain('is an AI character');
  });
});
