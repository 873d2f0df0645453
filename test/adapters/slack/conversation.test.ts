import { afterEach, describe, expect, it } from 'vitest';
import { slackMessage, slackPerson, slackSession } from '../../../adapters/slack/address.js';
import { pausePerson } from '../../../src/commands/privacy.js';
import { saveSettings } from '../../../src/commands/settings.js';
import type { Channel, Message, Seen, User } from '../../doubles/slack/slack.js';
import { says, waits } from '../../session/scripted-model.js';
import { gate } from '../../session/world.js';
import { SlackSetting } from './slack-world.js';

describe('a conversation on Slack', () => {
  let setting: SlackSetting;
  afterEach(() => setting.close());

  /** The finished replies in a channel or thread. */
  const finished = (channel: Channel, thread?: Message): Seen[] =>
    setting.slack
      .replies(channel, thread ? { thread } : {})
      .filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = (channel: Channel, count = 1, thread?: Message): Promise<Seen[]> =>
    setting.slack.until(() => {
      const replies = finished(channel, thread);
      return replies.length >= count && replies;
    }, `${count} replies`);
  const sessionOf = (channel: Channel, thread?: Message) =>
    slackSession(setting.slack.team.id, channel.id, thread?.ts);
  const person = (user: User) => slackPerson(user.team.id, user.id);

  it('answers a direct message in its thread: the status first, then a stream under the character’s name', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const more = gate();
    process.model.next(waits('I am glad you told me. ', more.opened, 'What happened?'));
    const { message, deliveries } = slack.say(ada, dm, 'I had a hard day');
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('I am glad')));
    more.open();
    const [reply] = await answered(dm);
    expect(reply?.threadTs).toBe(message.ts);
    expect(reply?.text).toContain('I am glad you told me. What happened?');
    expect(reply?.text).toContain('is an AI character');
    expect(reply?.name).not.toBe('Rapport');
    expect(slack.replies(dm)).toHaveLength(1);
    expect(slack.calls('assistant.threads.setStatus').length).toBeGreaterThan(0);
    expect(slack.calls('chat.startStream')).toHaveLength(1);
    expect(deliveries[0]?.acked?.latencyMs).toBeLessThan(3_000);
  });

  it('is one conversation in a direct message, whatever thread a line stands in', async () => {
    setting = await SlackSetting.open();
    const { slack, store, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const { message: first } = slack.say(ada, dm, 'first');
    await answered(dm);
    slack.say(ada, dm, 'second', { thread: first });
    await answered(dm, 2, first);
    slack.say(ada, dm, 'third');
    await answered(dm, 3);
    await process.settled(sessionOf(dm));
    const session = await store.sessions.get(sessionOf(dm));
    expect(session?.turnCount).toBe(3);
    expect(session?.shared).toBe(false);
    expect(finished(dm, first)).toHaveLength(2);
  });

  it('answers flat below a direct message where that is configured', async () => {
    setting = await SlackSetting.open({ slack: { dmReplies: 'flat' } });
    const { slack } = setting;
    const ada = slack.user('ada');
    const { message } = slack.say(ada, slack.dm(ada), 'hello');
    const [reply] = await answered(slack.dm(ada));
    expect(reply?.threadTs).toBeNull();
    slack.say(ada, slack.dm(ada), 'in a thread', { thread: message });
    const replies = await answered(slack.dm(ada), 2);
    expect(replies.at(-1)?.threadTs).toBe(message.ts);
  });

  it('a mention opens a thread that is the conversation: one reply for the two events that tell of it', async () => {
    setting = await SlackSetting.open();
    const { slack, store, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    slack.say(ada, channel, 'nobody is meant');
    const { message, deliveries } = slack.say(ada, channel, 'what do you think?', { mention: true });
    expect(deliveries).toHaveLength(2);
    await answered(channel, 1, message);
    await Promise.all(deliveries.map(({ ack }) => ack));
    slack.say(ben, channel, 'and me too', { thread: message });
    await answered(channel, 2, message);
    expect(process.model.prompt).toContain('ben');
    await process.settled(sessionOf(channel, message));
    const session = await store.sessions.get(sessionOf(channel, message));
    expect(session).toMatchObject({ turnCount: 2, shared: true, ownerId: person(ada) });
    expect(slack.replies(channel)).toHaveLength(2);
    expect(process.model.requests).toHaveLength(2);
    expect(process.model.prompt).not.toContain(`<@${slack.team.botUser}>`);
  });

  it('stays out of what people say to each other', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const { message } = slack.say(ada, channel, 'help us', { mention: true });
    await answered(channel, 1, message);
    const quiet = [
      ...slack.say(ben, channel, `<@${ada.id}> shall we go?`, { thread: message }).deliveries,
      ...slack.say(ben, channel, 'something else').deliveries,
      ...slack.say(ada, channel, 'a thread of our own', { thread: slack.say(ben, channel, 'root').message })
        .deliveries,
    ];
    await Promise.all(quiet.map(({ ack }) => ack));
    await process.settled(sessionOf(channel, message));
    expect(process.model.requests).toHaveLength(1);
    expect(slack.replies(channel)).toHaveLength(1);
  });

  it('leaves bots alone unless they are allowed and call by name', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const channel = slack.channel('general', [ada]);
    const asBot = { extra: { bot_id: 'B0OTHER', subtype: 'bot_message' } };
    const first = slack.say(ada, channel, 'beep', { mention: true, ...asBot });
    await Promise.all(first.deliveries.map(({ ack }) => ack));
    expect(process.model.requests).toHaveLength(0);
    await saveSettings(process.services, `slack:${slack.team.id}`, { allowBots: true });
    const { message } = slack.say(ada, channel, 'beep again', { mention: true, ...asBot });
    await answered(channel, 1, message);
    const silent = slack.say(ada, channel, 'beep without a name', { thread: message, ...asBot });
    await Promise.all(silent.deliveries.map(({ ack }) => ack));
    await process.settled(sessionOf(channel, message));
    expect(process.model.requests).toHaveLength(1);
  });

  it('answers only in the channels an administrator allows, and says so once a mention is refused', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const [open, closed] = [slack.channel('open', [ada]), slack.channel('closed', [ada])];
    await saveSettings(process.services, `slack:${slack.team.id}`, { allowedChannels: [open.id] });
    const refused = slack.say(ada, closed, 'hello', { mention: true });
    await Promise.all(refused.deliveries.map(({ ack }) => ack));
    const told = slack.whatUsersSee(closed, { as: ada }).filter(({ byApp }) => byApp);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ ephemeralTo: ada.id, text: expect.stringContaining('do not answer in') });
    const { message } = slack.say(ada, open, 'hello', { mention: true });
    await answered(open, 1, message);
    slack.say(ada, slack.dm(ada), 'and here');
    await answered(slack.dm(ada));
  });

  it('answers with the character of the workspace where nobody was chosen', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const ada = slack.user('ada');
    await saveSettings(process.services, `slack:${slack.team.id}`, { defaultCharacterId: 'rin-asakura' });
    slack.say(ada, slack.dm(ada), 'hello');
    await answered(slack.dm(ada));
    expect((await store.sessions.get(sessionOf(slack.dm(ada))))?.characterId).toBe('rin-asakura');
  });

  it('counts replies a day, tells a person once, and always answers who is in danger', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    await saveSettings(process.services, `slack:${slack.team.id}`, { dailyReplies: 1 });
    slack.say(ada, dm, 'one');
    await answered(dm);
    await slack.say(ada, dm, 'two').deliveries[0]?.ack;
    await slack.say(ada, dm, 'three').deliveries[0]?.ack;
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('replies for today (1)')));
    slack.say(ada, dm, 'I want to kill myself');
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('stepping out of character')));
    expect(slack.replies(dm).filter(({ text }) => text.includes('replies for today'))).toHaveLength(1);
    expect(process.model.requests).toHaveLength(1);
  });

  it('keeps nothing of a person who has paused, and tells them once', async () => {
    setting = await SlackSetting.open();
    const { slack, store, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    await pausePerson(process.services, person(ada), true);
    await slack.say(ada, dm, 'hello?').deliveries[0]?.ack;
    await slack.say(ada, dm, 'anybody?').deliveries[0]?.ack;
    expect(slack.replies(dm).map(({ text }) => text)).toEqual([
      expect.stringContaining('You have paused me'),
    ]);
    expect(await store.inbox.count(sessionOf(dm))).toBe(0);
  });

  it('says plainly that a message is too long', async () => {
    setting = await SlackSetting.open({
      config: (config) => ({ ...config, server: { ...config.server, maxMessageChars: 200 } }),
    });
    const { slack } = setting;
    const ada = slack.user('ada');
    await slack.say(ada, slack.dm(ada), 'long '.repeat(60)).deliveries[0]?.ack;
    expect(slack.replies(slack.dm(ada))[0]?.text).toContain('too long for me');
  });

  it('takes control codes, and gives names instead of ids to the model', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const dm = slack.dm(ada);
    slack.say(ada, dm, '!topic music');
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('The next reply will')));
    slack.say(ada, dm, `<@${ben.id}> said &lt;3 in <#C1|random>, see <https://x.org/a|this>`);
    await answered(dm);
    expect(process.model.prompt).toContain('@ben said <3 in #random, see this (https://x.org/a)');
    const { entries } = await store.transcript.page(sessionOf(dm), { limit: 20 });
    expect(entries.some(({ text }) => text.includes(ben.id))).toBe(false);
  });

  it('reads text files with the bot’s token, and says which others it did not read', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const files = [
      slack.file(slack.team, 'diary.txt', 'Dear diary, the rain did not stop.'),
      slack.file(slack.team, 'cat.png', Buffer.from([137, 80, 78, 71]), 'image/png'),
    ];
    slack.say(ada, dm, 'read this', { files });
    await answered(dm);
    expect(process.model.prompt).toContain('the rain did not stop');
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('"cat.png" was not read')));
  });

  it('never sends the token to a host that is not Slack’s', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const url = 'https://files.slack.com.evil.example/diary.txt';
    slack.say(ada, dm, 'read this', {
      extra: {
        subtype: 'file_share',
        files: [{ id: 'F1', name: 'diary.txt', mimetype: 'text/plain', size: 10, url_private: url }],
      },
    });
    await answered(dm);
    expect(process.model.prompt).not.toContain('From the attached file');
  });

  it('an edit changes a message that waits, a deletion takes it away; what was answered stays', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const more = gate();
    process.model.next(waits('First. ', more.opened, 'Done.'), says('Second.'));
    slack.say(ada, dm, 'one');
    await process.model.asked(1);
    const edited = slack.say(ada, dm, 'I like teh sea');
    const removed = slack.say(ada, dm, 'I hate everybody');
    await Promise.all([...edited.deliveries, ...removed.deliveries].map(({ ack }) => ack));
    await slack.editMessage(edited.message, 'I like the sea').ack;
    await slack.deleteMessage(removed.message).ack;
    more.open();
    await answered(dm, 2);
    expect(process.model.prompt).toContain('I like the sea');
    expect(process.model.prompt).not.toContain('teh');
    expect(process.model.prompt).not.toContain('hate');
    await slack.editMessage(edited.message, 'I never liked it').ack;
    await process.settled(sessionOf(dm));
    expect(process.model.requests).toHaveLength(2);
  });

  it('leaves an event alone that is older than what is remembered of messages', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const old = (Date.now() / 1_000 - 25 * 3_600).toFixed(6);
    const { deliveries } = slack.say(ada, slack.dm(ada), 'yesterday', { extra: { ts: old } });
    await deliveries[0]?.ack;
    expect(process.model.requests).toHaveLength(0);
    expect(
      await setting.store.inbox.record({
        kind: 'message',
        id: slackMessage(slack.dm(ada).id, old),
        sessionId: sessionOf(slack.dm(ada)),
        personId: person(ada),
        speakerName: 'ada',
        text: 'x',
        at: 1,
        address: { platform: 'slack', channel: slack.dm(ada).id },
        shared: false,
      }),
    ).toBe('recorded');
  });

  it('suggests how to begin when the agent’s messages are opened, never in a thread', async () => {
    setting = await SlackSetting.open();
    const { slack } = setting;
    const ada = slack.user('ada');
    await slack.openHome(ada, 'messages').ack;
    const [call] = slack.calls('assistant.threads.setSuggestedPrompts');
    expect(call?.args).not.toHaveProperty('thread_ts');
    expect([...slack.team.prompts.values()][0]?.prompts).toHaveLength(4);
  });

  it('is told what a thread is about when it is called into one', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const { message: root } = slack.say(ben, channel, 'Nobody ever listens to me');
    slack.say(ada, channel, 'how do we answer him?', { mention: true, thread: root });
    await answered(channel, 1, root);
    expect(process.model.prompt).toContain('how do we answer him?');
    expect(process.model.prompt).toContain('> ben: Nobody ever listens to me');
    await process.settled(sessionOf(channel, root));
    slack.say(ada, channel, 'and then?', { thread: root });
    await answered(channel, 2, root);
    expect(process.model.prompt.split('> ben: Nobody ever listens')).toHaveLength(2);
  });

  it('is asked about the message a person looks at', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const { message } = slack.say(ben, channel, 'I quit today');
    const looking = {
      entities: [
        { type: 'slack#/types/channel_id', value: channel.id },
        { type: 'slack#/types/message_context', value: { message_ts: message.ts, channel_id: channel.id } },
      ],
    };
    await slack.openHome(ada, 'messages', looking).ack;
    const prompts = [...slack.team.prompts.values()].at(-1)?.prompts ?? [];
    expect(prompts).toHaveLength(4);
    const question = String(prompts[0]?.message);
    slack.say(ada, slack.dm(ada), question, { extra: { app_context: looking } });
    await answered(slack.dm(ada));
    expect(process.model.prompt).toContain('> I quit today');
    channel.members.delete(slack.team.botUser);
    slack.say(ada, slack.dm(ada), question, { extra: { app_context: looking } });
    await slack.until(() =>
      slack.replies(slack.dm(ada)).some(({ text }) => text.includes('cannot read that')),
    );
    expect(process.model.requests).toHaveLength(1);
    await slack.lookAt(ada, [{ type: 'slack#/types/channel_id', value: channel.id }]).ack;
    expect([...slack.team.prompts.values()].at(-1)?.prompts[0]?.message).not.toBe(question);
  });
});
