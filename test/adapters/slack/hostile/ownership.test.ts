import { afterEach, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../adapters/slack/actions/payloads.js';
import { slackPerson, slackSession } from '../../../../adapters/slack/address.js';
import { addMemory } from '../../../../src/commands/memory.js';
import { savePersona } from '../../../../src/commands/persona.js';
import type { Channel, Message, Seen, User } from '../../../doubles/slack/slack.js';
import { says, waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { SlackSetting } from '../slack-world.js';

describe('a modal that is open in another workspace', () => {
  it('belongs to the workspace that installed the app', () => {
    const actor = actorOf({
      team: { id: 'T0THEIRS' },
      enterprise: null,
      user: { id: 'U1', team_id: 'T0THEIRS' },
      trigger_id: '1.2',
      view: { app_installed_team_id: 'T0OURS' },
    });
    expect(actor.person).toBe('slack:T0OURS:U1');
    expect(actor.workspace.team).toBe('T0OURS');
  });
});

describe('what a stranger may not do or see', () => {
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
  const told = (text: string): Promise<unknown> =>
    setting.slack.until(
      () => setting.slack.responses.some(({ body }) => String(body.text).includes(text)),
      `an answer with ${text}`,
    );
  const person = (user: User) => slackPerson(user.team.id, user.id);
  const thread = (channel: Channel, message: Message) =>
    slackSession(setting.slack.team.id, channel.id, message.ts);
  const messageOf = (channel: Channel, { ts }: Seen): Message => {
    const found = channel.messages.find((message) => message.ts === ts);
    if (!found) throw new Error('the reply is a message');
    return found;
  };

  it('whoever reads along is not told what was found out about the owner of a thread', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const { message } = slack.say(ada, channel, 'I cannot sleep since my divorce', { mention: true });
    const reply = await answered(channel);
    await process.settled(thread(channel, message));
    const reasons = (await store.sessions.get(thread(channel, message)))?.matchReasons ?? [];
    expect(reasons.length).toBeGreaterThan(0);
    const shownTo = async (user: User): Promise<string> => {
      await slack.shortcut(user, 'rapport_why', messageOf(channel, reply)).ack;
      return JSON.stringify(slack.modal(user).view);
    };
    const owners = await shownTo(ada);
    const others = await shownTo(ben);
    for (const { text } of reasons) {
      expect(owners).toContain(JSON.stringify(text).slice(1, -1));
      expect(others).not.toContain(JSON.stringify(text).slice(1, -1));
    }
  });

  it('only who began a thread, or an administrator, leads it elsewhere by a control code', async () => {
    setting = await SlackSetting.open();
    const { slack, process, store } = setting;
    const [ada, ben, cy] = [slack.user('ada'), slack.user('ben'), slack.user('cy')];
    const channel = slack.channel('general', [ada, ben, cy]);
    const { message } = slack.say(ada, channel, 'hello', { mention: true });
    await answered(channel);
    const id = thread(channel, message);
    await process.settled(id);
    const before = (await store.sessions.get(id))?.steering;
    const led = slack.say(ben, channel, '!topic! music', { thread: message });
    await Promise.all(led.deliveries.map(({ ack }) => ack));
    await slack.until(() =>
      slack.whatUsersSee(channel, { as: ben }).some(({ ephemeralTo }) => ephemeralTo === ben.id),
    );
    await process.settled(id);
    expect((await store.sessions.get(id))?.steering).toEqual(before);
    cy.isAdmin = true;
    const allowed = slack.say(cy, channel, '!topic! music', { thread: message });
    await Promise.all(allowed.deliveries.map(({ ack }) => ack));
    await process.settled(id);
    expect((await store.sessions.get(id))?.steering).not.toEqual(before);
  });

  it('a stop button of a reply that is finished does not stop the next one', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const [first, second] = [gate(), gate()];
    process.model.next(
      waits('The first. ', first.opened, 'Whole.'),
      waits('The second. ', second.opened, 'Whole.'),
    );
    slack.say(ada, dm, 'one');
    const growing = await slack.until(() =>
      slack
        .replies(dm)
        .find(({ text, actions }) => text.includes('The first') && actions.includes('rapport_stop')),
    );
    const stale = JSON.parse(JSON.stringify(messageOf(dm, growing).blocks)) as Message['blocks'];
    const staleStream = messageOf(dm, growing).stream?.chunks.slice();
    first.open();
    const done = await answered(dm);
    await process.settled(slackSession(slack.team.id, dm.id));
    slack.say(ada, dm, 'two');
    await slack.until(() => slack.replies(dm).some(({ text }) => text.includes('The second')));
    // What stood on a screen that had not been drawn anew.
    const old = messageOf(dm, done);
    old.blocks = stale;
    if (old.stream && staleStream) old.stream.chunks.splice(0, old.stream.chunks.length, ...staleStream);
    await slack.press(ada, old, 'rapport_stop').ack;
    await told('nothing to stop');
    second.open();
    expect((await answered(dm, 1)).text).toContain('The second. Whole.');
    expect(process.model.aborted).toBe(0);
  });

  it('an answer to a press in a thread is seen in that thread, by that person alone', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    const { message } = slack.say(ada, channel, 'hello', { mention: true });
    const reply = await answered(channel);
    await process.settled(thread(channel, message));
    await slack.press(ben, reply, 'rapport_regenerate').ack;
    await told('somebody else');
    const seen = slack.whatUsersSee(channel, { as: ben }).find(({ ephemeralTo }) => ephemeralTo === ben.id);
    expect(seen?.threadTs).toBe(message.ts);
    expect(slack.whatUsersSee(channel, { as: ada }).some(({ ephemeralTo }) => ephemeralTo !== null)).toBe(
      false,
    );
  });

  it('nothing of a persona or a memory reaches a thread or the log', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const [ada, ben] = [slack.user('ada'), slack.user('ben')];
    const channel = slack.channel('general', [ada, ben]);
    await savePersona(process.services, person(ada), {
      facts: ['I hide xylophones'],
      worry: 'my zeppelin fear',
    });
    await addMemory(process.services, person(ada), 'My sister is called Quillaja');
    process.model.next(says('I see.'));
    const { message } = slack.say(ada, channel, 'what do you know about my sister and my fear?', {
      mention: true,
    });
    await answered(channel);
    await process.settled(thread(channel, message));
    for (const secret of ['xylophones', 'zeppelin', 'Quillaja']) {
      expect(process.model.prompt).not.toContain(secret);
      expect(JSON.stringify(process.log)).not.toContain(secret);
      expect(JSON.stringify(slack.whatUsersSee(channel))).not.toContain(secret);
    }
    await slack.command(ben, channel, '/rapport', 'memory').ack;
    expect(JSON.stringify(slack.responses)).not.toContain('Quillaja');
  });

  it('an administrator of another workspace is none here', async () => {
    setting = await SlackSetting.open();
    const { slack, process } = setting;
    const ada = slack.user('ada');
    ada.isAdmin = true;
    ada.isStranger = true;
    const answer = await slack.command(ada, slack.dm(ada), '/rapport', 'settings').ack;
    expect(JSON.stringify(answer.payload)).toContain('Only administrators');
    expect(process.log.some(({ level }) => level === 'error')).toBe(false);
  });
});
