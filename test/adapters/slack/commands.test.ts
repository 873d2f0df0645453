import { afterEach, describe, expect, it } from 'vitest';
import { slackPerson, slackSession } from '../../../adapters/slack/address.js';
import type { User } from '../../doubles/slack/cloud.js';
import type { Seen } from '../../doubles/slack/slack.js';
import { bank, gate } from '../../session/world.js';
import { SlackSetting, type SlackWorldOptions } from './slack-world.js';

describe('/rapport', () => {
  let setting: SlackSetting;
  let ada: User;
  afterEach(() => setting.close());

  const start = async (options: SlackWorldOptions = {}): Promise<SlackSetting> => {
    setting = await SlackSetting.open(options);
    ada = setting.slack.user('ada');
    return setting;
  };
  const session = () => slackSession(setting.slack.team.id, setting.slack.dm(ada).id);
  const person = () => slackPerson(setting.slack.team.id, ada.id);
  /** Types a command and hands back what it was answered with. */
  const rapport = async (words: string): Promise<Record<string, unknown>> => {
    const channel = setting.slack.channel('general', [ada]);
    const ack = await setting.slack.command(ada, channel, '/rapport', words).ack;
    expect(ack.latencyMs).toBeLessThan(3_000);
    return ack.payload;
  };
  const textOf = async (words: string): Promise<string> => String((await rapport(words)).text);
  const finished = (): Seen[] =>
    setting.slack
      .replies(setting.slack.dm(ada))
      .filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = (count = 1): Promise<Seen[]> =>
    setting.slack.until(() => finished().length >= count && finished(), `${count} replies`);
  const talk = async (): Promise<void> => {
    setting.slack.say(ada, setting.slack.dm(ada), 'hello');
    await answered();
    await setting.process.settled(session());
  };

  it('lists its verbs, and helps with those it does not know', async () => {
    await start();
    for (const words of ['', 'help']) {
      const text = await textOf(words);
      for (const verb of [
        'chat',
        'match',
        'character',
        'persona',
        'memory',
        'steer',
        'style',
        'why',
        'reset',
        'privacy',
        'settings',
      ])
        expect(text).toContain(`/rapport ${verb}`);
    }
    expect(await textOf('stear music')).toContain('Did you mean `/rapport steer`?');
    expect(await textOf('stear')).not.toContain('/rapport chat');
    expect(await textOf('I am `sad`\nand & tired')).toContain('`/rapport chat I am sad and &amp; tired`');
    expect(await textOf('he left me')).toContain('`/rapport chat he left me`');
    expect((await textOf(`oh ${'my '.repeat(2_000)}`)).length).toBeLessThan(500);
    expect(await textOf('chat')).toContain('I had a hard day');
  });

  it('age, safety: note an age, and say what is done for the person', async () => {
    await start();
    expect(await textOf('age 15')).toMatch(/you are 15.*under 18/s);
    expect(await textOf('age')).toContain('You said that you are 15');
    expect(await textOf('age off')).toContain('no longer know');
    const text = await textOf('safety');
    for (const title of ['This is an AI', 'What is looked for', 'How to reach a human', 'Your data'])
      expect(text).toContain(title);
    expect(text).toContain('These people are there');
  });

  it('chat: says it in the direct message, shows what was asked there, and is answered below', async () => {
    const { slack } = await start();
    expect(await textOf('chat I had a <hard> day & night')).toContain('Said.');
    const [reply] = await answered();
    const [asked] = slack.replies(slack.dm(ada));
    expect(asked?.text).toContain('You asked:');
    expect(reply?.threadTs).toBe(asked?.ts);
    expect(setting.process.model.prompt).toContain('I had a <hard> day & night');
    expect((await setting.store.sessions.get(session()))?.ownerId).toBe(person());
  });

  it('chat: is recorded before it is acknowledged', async () => {
    const recording = gate();
    await start({
      wrap: (store) => ({
        ...store,
        inbox: {
          ...store.inbox,
          record: async (message) => {
            await recording.opened;
            return store.inbox.record(message);
          },
        },
      }),
    });
    const { slack } = setting;
    const delivery = slack.command(ada, slack.dm(ada), '/rapport', 'chat hello');
    await slack.until(() => slack.calls('chat.postMessage').length > 0);
    expect(delivery.acked).toBeNull();
    recording.open();
    expect((await delivery.ack).payload).toMatchObject({ text: expect.stringContaining('Said.') });
  });

  it('answers through the response address where the work takes longer than Slack waits', async () => {
    const { slack } = await start();
    slack.faults.delay('conversations.open', 2_200);
    const delivery = slack.command(ada, slack.channel('general', [ada]), '/rapport', 'why');
    const ack = await delivery.ack;
    expect(ack.latencyMs).toBeLessThan(2_500);
    expect(ack.payload).toEqual({});
    await slack.until(() => slack.responses.length > 0);
    expect(slack.responses[0]?.body).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('no reply yet'),
    });
  });

  it('character: picks by name, shows cards and lists, helps with names', async () => {
    const { slack, store } = await start();
    const [rin] = bank.all.filter(({ id }) => id === 'rin-asakura');
    if (!rin) throw new Error('the bank has Rin');
    expect(await textOf(`character ${rin.name}`)).toContain('is waiting for you');
    const opening = slack.replies(slack.dm(ada));
    expect(opening.map(({ text }) => text).join('\n')).toContain('is an AI character');
    expect(opening.at(-1)).toMatchObject({ name: rin.shortName ?? rin.name });
    expect((await store.sessions.get(session()))?.characterId).toBe('rin-asakura');
    expect(await textOf('character maren-voss')).toContain('You are now talking to');
    expect((await store.sessions.get(session()))?.characterId).toBe('maren-voss');
    const introduced = slack.replies(slack.dm(ada)).slice(opening.length);
    expect(introduced.map(({ text }) => text)).toEqual([
      expect.stringContaining('Maren is an AI character'),
      expect.stringContaining(bank.get('maren-voss')?.greeting.slice(0, 20) ?? 'nobody'),
    ]);
    expect(JSON.stringify(await rapport('character info Rin Asakura'))).toContain('Talk to');
    expect(JSON.stringify(await rapport('character list bookbinder'))).toContain('Amaia');
    expect(await textOf('character bookbinder')).toContain('Amaia');
    expect(await textOf('character nobody at all')).toContain('Nobody here is called');
    await rapport('character');
    expect(JSON.stringify(slack.modal(ada).view)).toContain('Who is here');
  });

  it('memory: adds, lists and forgets', async () => {
    await start();
    expect(await textOf('memory')).toContain('not been asked to remember');
    expect(await textOf('memory add My sister is called Noa')).toContain('I will remember: My sister');
    expect(await textOf('memory')).toContain('1. My sister is called Noa');
    expect(await textOf('memory forget 7')).toContain('no fact number 7');
    expect(await textOf('memory forget 1')).toContain('Forgotten: My sister');
    expect(await textOf('memory juggle')).toContain('`/rapport memory`');
  });

  it('memory automatic: off until they say so; what waits is kept or dropped (issue 15 §2)', async () => {
    const { store } = await start();
    expect(await textOf('memory automatic')).toContain('I collect no facts about you by myself');
    expect(await textOf('memory automatic ask')).toContain('keep only those you say yes to');
    const [person] = await store.people.list('slack:', 10);
    if (!person) throw new Error('nobody has a profile');
    for (const text of ['I have two cats', 'I own a boat'])
      await store.people.addMemory({
        ...{ id: `read:${text}`, personId: person, text, at: 1 },
        source: { entry: 'm1', by: 'rules', open: 'proposed' },
      });
    expect(await textOf('memory automatic')).toContain('2. I own a boat');
    expect(await textOf('memory drop 2')).toContain('Not kept: I own a boat');
    expect(await textOf('memory keep 1')).toContain('I will remember: I have two cats');
    expect(await textOf('memory keep 1')).toContain('Nothing of that number');
    expect(await textOf('memory')).toContain('1. I have two cats');
  });

  it('steer and style: lead the next reply, only where there is a conversation', async () => {
    const { store } = await start();
    expect(await textOf('steer music')).toContain('There is no conversation yet');
    await talk();
    expect(await textOf('steer music')).toContain('The next reply will');
    expect(await textOf('steer sticky travel')).toMatch(
      /From now on .+ Write `\/rapport steer off` to stop\.$/,
    );
    expect(await textOf('steer queue pets, work')).toContain('Planned for the next replies');
    const { steering } = (await store.sessions.get(session())) ?? { steering: null };
    expect(steering).toMatchObject({ sticky: 'talk about travel.' });
    expect(steering?.queue).toHaveLength(3);
    expect(await textOf('steer off')).toContain('No topic is set');
    expect(await textOf('steer')).toMatch(/^Topics: .+ Write `\/rapport steer music` for one reply/);
    const list = await textOf('style');
    expect(list).toContain('• language: plain / lyrical');
    expect(await textOf('style plain')).toContain('From the next reply on');
    expect((await store.sessions.get(session()))?.style).toEqual({ languagestyle: 'plain' });
    expect(await textOf('style language off')).toContain('their own way');
    expect(await textOf('style gibberish')).toContain('There is no style');
  });

  it('why: explains the last reply under headings', async () => {
    await start();
    expect(await textOf('why')).toContain('no reply yet');
    await talk();
    const { blocks, text } = await rapport('why');
    expect(text).toContain('Which model wrote it');
    expect(JSON.stringify(blocks)).toContain('"type":"header"');
  });

  it('reset: asks first, then removes the conversation', async () => {
    const { slack, store } = await start();
    expect(await textOf('reset')).toContain('no conversation to delete');
    await talk();
    const answer = await rapport('reset');
    expect(JSON.stringify(answer)).toContain('rapport_reset');
    expect(await store.sessions.get(session())).not.toBeNull();
    expect(await textOf('reset yes')).toContain('is deleted');
    expect(await store.sessions.get(session())).toBeNull();
    slack.say(ada, slack.dm(ada), 'again');
    await answered(2);
  });

  it('privacy: hands out the data as a file, pauses, resumes, asks before it deletes', async () => {
    const { slack, store } = await start();
    await talk();
    expect(await textOf('privacy')).toContain('privacy export');
    expect(await textOf('privacy export')).toContain('as a file');
    const files = [...slack.team.files.values()].filter(({ name }) => name.startsWith('rapport-export'));
    expect(files.map(({ name }) => name.split('.').at(-1))).toEqual(['html', 'json']);
    const file = files.find(({ name }) => name.endsWith('.json'));
    const data = JSON.parse(file?.bytes.toString() ?? '{}') as { personId?: string };
    expect(data.personId).toBe(person());
    expect(file?.completed).toBe(true);
    expect(await textOf('privacy pause')).toContain('You have paused');
    expect((await store.people.profile(person()))?.paused).toBe(true);
    const before = slack.replies(slack.dm(ada)).length;
    expect(await textOf('chat Nobody keeps this')).toContain('You have paused me');
    expect(slack.replies(slack.dm(ada))).toHaveLength(before);
    expect(await textOf('privacy resume')).toContain('I am back');
    expect(JSON.stringify(await rapport('privacy delete'))).toContain('rapport_erase');
    expect(await store.sessions.get(session())).not.toBeNull();
  });

  it('settings: administrators only', async () => {
    const { slack } = await start();
    expect(await textOf('settings')).toContain('Only administrators');
    ada.isAdmin = true;
    await rapport('settings');
    expect(JSON.stringify(slack.modal(ada).view)).toContain('whole workspace');
  });

  it('tells in plain words what failed', async () => {
    const { slack, process } = await start();
    slack.scopes({ without: ['im:write'] });
    expect(await textOf('chat hello')).toContain('im:write');
    slack.scopes({ with: ['im:write'] });
    slack.faults.rateLimit('conversations.open', 7);
    expect(await textOf('why')).toContain('about 7 seconds');
    slack.faults.status('views.open', 500);
    expect(await textOf('match')).toMatch(/reference: [\w-]{8}/);
    expect(process.log.some(({ fields }) => typeof fields.reference === 'string')).toBe(true);
  });
});
