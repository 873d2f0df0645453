import { afterEach, describe, expect, it } from 'vitest';
import { slackSession } from '../../../../adapters/slack/address.js';
import type { Channel, Seen } from '../../../doubles/slack/slack.js';
import { says, waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { SlackSetting } from '../slack-world.js';

describe('messages that change while they wait', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  const finished = (channel: Channel): Seen[] =>
    setting.slack.replies(channel).filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = (channel: Channel, count = 1): Promise<unknown> =>
    setting.slack.until(() => finished(channel).length >= count, `${count} replies`);

  it('an unfurled link leaves everything as it was read', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const first = gate();
    process.model.next(waits('', first.opened, 'First.'), says('Second.'));
    slack.say(ada, dm, 'one');
    await process.model.asked(1);
    const note = slack.file(slack.team, 'note.txt', 'The word is quillaja.');
    const { message, deliveries } = slack.say(ada, dm, 'see https://example.com', { files: [note] });
    await Promise.all(deliveries.map(({ ack }) => ack));
    // Slack tells of the preview as of an edit.
    slack.faults.refuse('files.info', 'not_allowed');
    note.bytes = Buffer.from('Something else.');
    await slack.editMessage(message, message.text).ack;
    first.open();
    await answered(dm, 2);
    expect(process.model.prompt).toContain('quillaja');
  });

  it('an edit keeps to the length that one message may have, and to what can be printed', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const first = gate();
    process.model.next(waits('', first.opened, 'First.'), says('Second.'));
    slack.say(ada, dm, 'one');
    await process.model.asked(1);
    const { message, deliveries } = slack.say(ada, dm, 'two');
    await Promise.all(deliveries.map(({ ack }) => ack));
    await slack.editMessage(message, `three\u0000\u0007 ${'x'.repeat(39_000)}`).ack;
    first.open();
    await answered(dm, 2);
    const session = slackSession(slack.team.id, dm.id);
    await process.settled(session);
    const { entries } = await store.transcript.page(session, { limit: 20 });
    const said = entries.findLast(({ role }) => role === 'seeker')?.text ?? '';
    expect(said).toMatch(/^three x/);
    expect(said.length).toBeLessThanOrEqual(process.services.config.server.maxMessageChars);
  });

  it('a message whose reply grows, and that is deleted, needs no reply any more', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const never = gate();
    process.model.next(waits('A beginning. ', never.opened, 'An end.'));
    const { message } = slack.say(ada, dm, 'I should not have written this');
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('A beginning')));
    await slack.deleteMessage(message).ack;
    await process.settled(slackSession(slack.team.id, dm.id));
    expect(process.model.aborted).toBe(1);
  });

  it('other messages may be deleted beside a reply that grows', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const more = gate();
    process.model.next(waits('A beginning. ', more.opened, 'An end.'));
    const { message: root } = slack.say(ada, channel, 'hello', { mention: true });
    await slack.until(() => slack.replies(channel).some(({ text }) => text.includes('A beginning')));
    const { message: aside } = slack.say(ben, channel, `<@${ada.id}> lunch?`, { thread: root });
    await slack.deleteMessage(aside).ack;
    more.open();
    await answered(channel);
    expect(process.model.aborted).toBe(0);
  });
});
