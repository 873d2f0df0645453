import { afterEach, describe, expect, it } from 'vitest';
import { slackPerson, slackSession } from '../../../../adapters/slack/address.js';
import { addMemory } from '../../../../src/commands/memory.js';
import type { Channel, Seen } from '../../../doubles/slack/slack.js';
import { says, waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { SlackSetting } from '../slack-world.js';

describe('things that happen while a reply grows', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  const finished = (channel: Channel): Seen[] =>
    setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = (channel: Channel, count = 1): Promise<unknown> =>
    setting.slack.until(() => finished(channel).length >= count, `${count} replies`);
  const growing = (channel: Channel): Promise<Seen> =>
    setting.slack.until(() => setting.slack.replies(channel).find(({ text }) => text.includes('Growing')));

  it('everything is deleted: the reply ends, nothing stays, and the next message begins anew', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const person = slackPerson(slack.team.id, ada.id);
    const never = gate();
    process.model.next(waits('Growing. ', never.opened, 'Never.'));
    await addMemory(process.services, person, 'My sister is called Noa');
    slack.say(ada, dm, 'hello');
    await growing(dm);
    slack.say(ada, dm, 'and this waits');
    const answer = await slack.command(ada, dm, '/rapport', 'privacy delete').ack;
    expect(JSON.stringify(answer.payload)).toContain('rapport_erase');
    await slack.openHome(ada).ack;
    await slack.press(ada, await slack.until(() => slack.team.homes.get(ada.id)), 'rapport_erase').ack;
    await process.settled(slackSession(slack.team.id, dm.id));
    await slack.until(() => JSON.stringify(slack.home(ada).view).includes('have not said anything'));
    expect(await store.sessions.get(slackSession(slack.team.id, dm.id))).toBeNull();
    expect(await store.people.memories(person)).toEqual([]);
    expect(await store.people.list(`slack:${slack.team.id}:`, 10)).toEqual([]);
    expect(slack.replies(dm).some(({ actions }) => actions.includes('rapport_stop'))).toBe(false);
    process.model.next(says('A new beginning.'));
    slack.say(ada, dm, 'hello again');
    const last = await slack.until(() => finished(dm).find(({ text }) => text.includes('A new beginning')));
    expect(last.text).toContain('is an AI character');
  });

  it('its channel is archived, or the app is thrown out: nothing spins, and others are answered', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    for (const [name, end] of [
      ['archived', (channel: Channel) => Object.assign(channel, { archived: true })],
      ['left', (channel: Channel) => channel.members.delete(slack.team.botUser)],
    ] as const) {
      const channel = slack.channel(name, [ada]);
      const more = gate();
      process.model.next(waits('Growing. ', more.opened, 'Whole.'));
      const { message } = slack.say(ada, channel, 'hello', { mention: true });
      await growing(channel);
      end(channel);
      more.open();
      await process.settled(slackSession(slack.team.id, channel.id, message.ts));
      expect(await setting.store.recoverable()).toEqual([]);
    }
    slack.say(ada, slack.dm(ada), 'still there?');
    await answered(slack.dm(ada));
  });

  it('the app is uninstalled: nothing spins', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const more = gate();
    process.model.next(waits('Growing. ', more.opened, 'Whole.'));
    slack.say(ada, dm, 'hello');
    await growing(dm);
    slack.uninstall(slack.team);
    more.open();
    await process.settled(slackSession(slack.team.id, dm.id));
    expect(await store.recoverable()).toEqual([]);
  });

  it('a conversation whose character is gone from the bank is not silent for ever', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    slack.say(ada, dm, 'hello');
    await answered(dm);
    const session = slackSession(slack.team.id, dm.id);
    await process.settled(session);
    await store.sessions.update(session, { characterId: 'nobody-any-more' });
    const before = slack.replies(dm).length;
    slack.say(ada, dm, 'are you there?');
    await slack.until(() => slack.replies(dm).length > before, 'any answer');
  });
});
