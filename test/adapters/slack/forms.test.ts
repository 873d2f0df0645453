import { afterEach, describe, expect, it } from 'vitest';
import { slackPerson, slackSession } from '../../../adapters/slack/address.js';
import { readSettings } from '../../../src/commands/settings.js';
import type { User, View } from '../../doubles/slack/cloud.js';
import type { Seen } from '../../doubles/slack/slack.js';
import { bank } from '../../session/world.js';
import { SlackProcess, SlackSetting } from './slack-world.js';

describe('the Home tab, forms and shortcuts', () => {
  let setting: SlackSetting;
  let ada: User;
  afterEach(() => setting.close());

  const start = async (): Promise<SlackSetting> => {
    setting = await SlackSetting.open();
    ada = setting.slack.user('ada');
    return setting;
  };
  const session = () => slackSession(setting.slack.team.id, setting.slack.dm(ada).id);
  const person = () => slackPerson(setting.slack.team.id, ada.id);
  const home = (): View => setting.slack.home(ada);
  const shown = (view: View): string => JSON.stringify(view.view);
  const openHome = async (): Promise<string> => {
    await setting.slack.openHome(ada).ack;
    return shown(home());
  };
  const homeShows = (text: string): Promise<unknown> =>
    setting.slack.until(() => shown(home()).includes(text), `a home tab with ${text}`);
  const modalShows = (text: string): Promise<unknown> =>
    setting.slack.until(() => {
      const top = setting.slack.team.modals.get(ada.id)?.at(-1);
      return top && shown(top).includes(text);
    }, `a modal with ${text}`);
  const finished = (): Seen[] =>
    setting.slack
      .replies(setting.slack.dm(ada))
      .filter(({ actions }) => actions.includes('rapport_feedback'));
  const answered = (count = 1): Promise<Seen[]> =>
    setting.slack.until(() => finished().length >= count && finished(), `${count} replies`);

  it('finds somebody from a form, with reasons, and begins the conversation', async () => {
    const { slack, store } = await start();
    expect(await openHome()).toContain('Somebody to talk to');
    await slack.press(ada, home(), 'rapport_match').ack;
    slack.submitView(ada, {
      worry: 'My mother has dementia and I am exhausted',
      facts: '- I work nights\n• I have a cat',
      mbti: 'INFJ',
      name: 'Ada',
    });
    await modalShows('These three fit best');
    expect((await store.people.profile(person()))?.persona).toEqual({
      worry: 'My mother has dementia and I am exhausted',
      facts: ['I work nights', 'I have a cat'],
      mbti: 'INFJ',
      name: 'Ada',
    });
    const view = slack.modal(ada);
    const blocks = view.view.blocks as { accessory?: { value?: string } }[];
    expect(blocks.filter(({ accessory }) => accessory)).toHaveLength(3);
    await slack.press(ada, view, 'rapport_talk').ack;
    await slack.until(() => slack.replies(slack.dm(ada)).length >= 2);
    const begun = await store.sessions.get(session());
    expect(begun).toMatchObject({ ownerId: person(), disclosed: true });
    expect(begun?.matchReasons[0]?.facet).not.toBe('chosen');
    await modalShows('is waiting for you');
    await homeShows('Your character');
    slack.say(ada, slack.dm(ada), 'hello');
    await answered();
    expect((await store.sessions.get(session()))?.characterId).toBe(begun?.characterId);
  });

  it('shows everybody, a page at a time, finds by words, and everything about one', async () => {
    const { slack } = await start();
    await openHome();
    await slack.press(ada, home(), 'rapport_gallery').ack;
    await modalShows(`1 to 6 of ${bank.all.length}`);
    await slack.press(ada, slack.modal(ada), 'rapport_gallery_forward').ack;
    await modalShows(`7 to 12 of ${bank.all.length}`);
    await slack.press(ada, slack.modal(ada), 'rapport_gallery_page').ack;
    await modalShows('1 to 6 of');
    slack.submitView(ada, { rapport_gallery_search: 'bookbinder' });
    await modalShows('1 to 1 of 1');
    await slack.press(ada, slack.modal(ada), 'rapport_gallery_search', { value: 'no such person' }).ack;
    await modalShows('Nobody fits');
    await slack.press(ada, slack.modal(ada), 'rapport_gallery_search', { value: 'bookbinder' }).ack;
    await modalShows('Amaia');
    await slack.press(ada, slack.modal(ada), 'rapport_card').ack;
    await modalShows('Talk to Amaia');
  });

  it('keeps who the person is and what is remembered, and forgets', async () => {
    const { slack, store } = await start();
    expect(await openHome()).toContain('not said anything about yourself');
    await slack.press(ada, home(), 'rapport_persona').ack;
    slack.submitView(ada, { facts: 'I play the <cello>' });
    await homeShows('I play the &lt;cello&gt;');
    expect(slack.team.modals.get(ada.id)).toEqual([]);
    await slack.press(ada, home(), 'rapport_remember').ack;
    slack.submitView(ada, { text: 'My sister is called Noa' });
    await homeShows('My sister is called Noa');
    await slack.press(ada, home(), 'rapport_remember').ack;
    slack.submitView(ada, {});
    await modalShows('nothing to remember');
    await slack.press(ada, home(), 'rapport_forget').ack;
    await slack.until(() => !shown(home()).includes('Noa'));
    expect(await store.people.memories(person())).toEqual([]);
  });

  it('hands out, pauses, resumes and deletes a person’s data', async () => {
    const { slack, store } = await start();
    slack.say(ada, slack.dm(ada), 'hello');
    await answered();
    await setting.process.settled(session());
    await openHome();
    await slack.press(ada, home(), 'rapport_export').ack;
    await slack.until(
      () => slack.replies(slack.dm(ada)).length > 1 || [...slack.team.files.values()].length > 0,
    );
    await modalShows('as a file');
    await slack.press(ada, home(), 'rapport_pause').ack;
    await homeShows('You have paused');
    expect((await store.people.profile(person()))?.paused).toBe(true);
    await slack.press(ada, home(), 'rapport_resume').ack;
    await homeShows('rapport_pause');
    await slack.press(ada, home(), 'rapport_erase').ack;
    await homeShows('Somebody to talk to');
    expect(await store.people.profile(person())).toBeNull();
    expect(await store.sessions.get(session())).toBeNull();
  });

  it('offers the character that fits better, also after a restart', async () => {
    const { slack, store, process } = await start();
    slack.say(ada, slack.dm(ada), 'hello');
    await answered();
    await process.settled(session());
    await store.sessions.update(session(), { offeredCharacterId: 'rin-asakura' });
    await process.stop();
    const next = await new SlackProcess(slack, store).start();
    try {
      expect(await openHome()).toContain('might fit even better');
      await slack.press(ada, home(), 'rapport_take_offer').ack;
      await slack.until(() => !shown(home()).includes('might understand'));
      const taken = await store.sessions.get(session());
      expect(taken?.characterId).toBe('rin-asakura');
      expect(taken?.offeredCharacterId).toBeUndefined();
    } finally {
      await next.stop();
    }
  });

  it('lets administrators set what holds for the workspace, and nobody else', async () => {
    const { slack, process } = await start();
    const channel = slack.channel('lounge', [ada]);
    expect(await openHome()).not.toContain('rapport_settings');
    ada.isAdmin = true;
    await slack.command(ada, slack.dm(ada), '/rapport', 'settings').ack;
    const picked = await slack.events.send('interactive', {
      type: 'block_suggestion',
      action_id: 'rapport_default_character',
      block_id: 'rapport_default_character',
      value: 'rin',
      user: { id: ada.id },
      team: { id: slack.team.id },
    }).ack;
    expect(JSON.stringify(picked.payload)).toContain('rin-asakura');
    slack.submitView(ada, {
      channels: [channel.id],
      rapport_default_character: 'rin-asakura',
      daily: '20',
      reminder: '3',
      bots: ['yes'],
    });
    await slack.until(() => (slack.team.modals.get(ada.id) ?? []).length === 0);
    expect(await readSettings(process.services, `slack:${slack.team.id}`)).toEqual({
      allowedChannels: [channel.id],
      defaultCharacterId: 'rin-asakura',
      dailyReplies: 20,
      disclosureEveryHours: 3,
      allowBots: true,
    });
    await slack.command(ada, slack.dm(ada), '/rapport', 'settings').ack;
    ada.isAdmin = false;
    slack.submitView(ada, { daily: '1' });
    await modalShows('Only administrators');
    expect((await readSettings(process.services, `slack:${slack.team.id}`)).dailyReplies).toBe(20);
  });

  it('asks a character about somebody’s message, in private', async () => {
    const { slack, process } = await start();
    const ben = slack.user('ben');
    const channel = slack.channel('general', [ada, ben]);
    const { message } = slack.say(ben, channel, `<@${ada.id}> is always late & I am tired of it`);
    await slack.shortcut(ada, 'rapport_ask', message).ack;
    await modalShows('is always late');
    slack.submitView(ada, { text: 'How do I answer kindly?' });
    await modalShows('Asked.');
    await answered();
    expect(process.model.prompt).toContain('How do I answer kindly?');
    expect(process.model.prompt).toContain('> @ada is always late & I am tired of it');
    expect(process.model.prompt).toContain('ben');
    expect(slack.replies(channel)).toEqual([]);
    const empty = slack.say(ben, channel, ' ').message;
    await slack.shortcut(ada, 'rapport_ask', empty).ack;
    await modalShows('no text in that message');
  });

  it('explains a reply in a thread, and finds somebody from anywhere', async () => {
    const { slack, process } = await start();
    const channel = slack.channel('general', [ada]);
    const { message } = slack.say(ada, channel, 'hello', { mention: true });
    const reply = await slack.until(() =>
      slack.replies(channel).find(({ actions }) => actions.includes('rapport_feedback')),
    );
    await process.settled(slackSession(slack.team.id, channel.id, message.ts));
    await slack.shortcut(ada, 'rapport_why', slack.messageBy(reply.ts)).ack;
    await modalShows('Which model wrote it');
    await slack.shortcut(ada, 'rapport_why', slack.say(ada, channel, 'no reply').message).ack;
    await modalShows('no reply yet');
    await slack.shortcut(ada, 'rapport_find').ack;
    await modalShows('What is on your mind?');
  });

  it('keeps to Slack’s limits with a person who remembers a lot', async () => {
    const { slack, process } = await start();
    for (let n = 0; n < 150; n += 1)
      await process.services.store.people.addMemory({
        id: `m${n}`,
        personId: person(),
        text: `${n} ${'long '.repeat(90)}`,
        at: n,
      });
    expect(await openHome()).toContain('149 long');
    const ack = await slack.command(ada, slack.dm(ada), '/rapport', 'memory').ack;
    expect(String(ack.payload.text).length).toBeLessThan(12_000);
  });
});
