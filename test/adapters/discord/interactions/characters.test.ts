import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPersona } from '../../../../src/commands/persona.js';
import { saveSettings } from '../../../../src/commands/settings.js';
import { personId, sessionId } from '../../../../src/ids.js';
import type { SeenMessage } from '../../../doubles/discord/index.js';
import type { Interaction } from '../../../doubles/discord/people/interact.js';
import { openScene, type Scene } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const answered = (interaction: Interaction): Promise<SeenMessage> => scene.discord.answered(interaction);

describe('/match', () => {
  const form = {
    worry: 'My exams make me sick with worry.',
    facts: 'I study chemistry\nI live with two cats',
    mbti: ['INFP'],
    name: 'Ana',
  };

  async function matched(): Promise<SeenMessage> {
    const { discord, ana, channel } = scene;
    const asked = discord.slash(ana, channel, 'match');
    await discord.modal(asked);
    return answered(discord.submitModal(asked, form));
  }

  it('asks by a form and shows three who fit, with reasons, to the person alone', async () => {
    const { discord, bot, ana, channel } = scene;
    const asked = discord.slash(ana, channel, 'match');
    const modal = await discord.modal(asked);
    expect(discord.interaction(asked).answeredAfterMs).toBeLessThan(1_000);
    expect(modal.title).toBe('Who fits you?');
    const shown = await answered(discord.submitModal(asked, form));
    expect(shown.ephemeralFor).toBe(ana.id);
    expect(shown.buttons.filter(({ label }) => label.startsWith('Talk to'))).toHaveLength(3);
    const best = await bot.services.scorer.rank(
      await readPersona(bot.services, personId(`discord:${ana.id}`)),
      bot.services.bank.all,
      3,
    );
    for (const { character, reasons } of best) {
      expect(shown.text).toContain(character.name);
      expect(shown.text).toContain(reasons[0]?.text.slice(0, 12));
    }
    expect(await readPersona(bot.services, personId(`discord:${ana.id}`))).toEqual({
      worry: form.worry,
      facts: ['I study chemistry', 'I live with two cats'],
      mbti: 'INFP',
      name: 'Ana',
    });
  });

  it('brings what was filled in before, and being sent unchanged keeps it', async () => {
    const { discord, bot, ana, channel } = scene;
    await matched();
    const before = await readPersona(bot.services, personId(`discord:${ana.id}`));
    const again = discord.slash(ana, channel, 'match');
    expect(JSON.stringify(await discord.modal(again))).toContain('I live with two cats');
    await answered(discord.submitModal(again, {}));
    expect(await readPersona(bot.services, personId(`discord:${ana.id}`))).toEqual(before);
  });

  it('opens the conversation in a thread that others do not see, with the greeting and that this is an AI', async () => {
    const { discord, bot, ana, channel } = scene;
    const shown = await matched();
    const [talk] = shown.buttons.filter(({ label }) => label.startsWith('Talk to'));
    const opened = await answered(discord.press(ana, shown, talk?.customId ?? ''));
    const thread = /<#(\d+)>/.exec(opened.text)?.[1] ?? expect.fail('no thread is named');
    const session = await bot.session(sessionId(`discord:thread:${thread}`));
    expect(session).toMatchObject({ ownerId: `discord:${ana.id}`, shared: true, disclosed: true });
    expect(session.matchReasons[0]?.facet).not.toBe('chosen');
    const character = bot.services.bank.get(session.characterId) ?? expect.fail('nobody');
    const first = discord.whatUsersSee(thread).at(-1);
    expect(first?.text).toContain(character.name);
    expect(first?.text).toContain(character.greeting.slice(0, 20));
    expect(first?.text).toContain('is an AI character');
    expect(discord.world.channels.get(thread)?.thread?.members.has(ana.id)).toBe(true);
    expect(discord.whatUsersSee(channel).filter(({ ephemeralFor }) => ephemeralFor === null)).toEqual([]);
  });

  it('opens it in a direct message where that is wanted', async () => {
    const { discord, bot, ana } = scene;
    const shown = await matched();
    const opened = await answered(discord.press(ana, shown, 'In private messages'));
    const dm = discord.dm(ana);
    expect(opened.text).toContain(`<#${dm.id}>`);
    expect((await bot.session(sessionId(`discord:dm:${dm.id}`))).shared).toBe(false);
    expect(discord.whatUsersSee(dm)).toHaveLength(1);
  });

  it('says so where the person takes no direct messages, and keeps no conversation', async () => {
    const { discord, bot, ana } = scene;
    discord.refuseDms(ana);
    const shown = await matched();
    const opened = await answered(discord.press(ana, shown, 'In private messages'));
    expect(opened.text).toContain('does not let me write to you');
    const list = await bot.services.store.sessions.list(personId(`discord:${ana.id}`), {
      limit: 9,
      offset: 0,
    });
    expect(list).toEqual([]);
  });

  it('opens it between the two where no thread can be made', async () => {
    const { discord, bot, ana, channel } = scene;
    discord.setOverwrite(channel, {
      deny: PermissionFlagsBits.CreatePublicThreads | PermissionFlagsBits.CreatePrivateThreads,
    });
    const shown = await matched();
    const [talk] = shown.buttons.filter(({ label }) => label.startsWith('Talk to'));
    const opened = await answered(discord.press(ana, shown, talk?.customId ?? ''));
    expect(opened.ephemeralFor).toBe(ana.id);
    expect(opened.buttons.map(({ label }) => label)).toEqual(['Write back']);
    const form = discord.press(ana, opened, 'Write back');
    await discord.modal(form);
    const sent = discord.submitModal(form, { message: 'Hello' });
    await discord.until(() => discord.interaction(sent).original?.text.includes('I hear you.'));
    await bot.settled(sessionId(`discord:user:${ana.id}:${channel.id}`));
  });

  it('puts care before characters where somebody is in danger', async () => {
    const { discord, ana, channel } = scene;
    const asked = discord.slash(ana, channel, 'match');
    await discord.modal(asked);
    const shown = await answered(discord.submitModal(asked, { worry: 'I want to kill myself.' }));
    expect(shown.text).toMatch(/^I am stepping out of character/);
    expect(shown.buttons.filter(({ label }) => label.startsWith('Talk to'))).toHaveLength(3);
  });
});

describe('/character', () => {
  it('completes names while they are typed', async () => {
    const { discord, bot, ana, channel } = scene;
    const wanted = bot.services.bank.all[20] ?? expect.fail('no such character');
    const choices = await discord.autocomplete(ana, channel, 'character info', {
      focused: 'character',
      options: { character: wanted.name },
    });
    expect(choices[0]?.value).toBe(wanted.id);
    const all = await discord.autocomplete(ana, channel, 'chat', {
      focused: 'character',
      options: { message: 'x', character: '' },
    });
    expect(all).toHaveLength(25);
  });

  it('shows who one is, with buttons to talk', async () => {
    const { discord, bot, ana, channel } = scene;
    const { id, name, greeting } = bot.services.bank.all[5] ?? expect.fail('no such character');
    const card = await answered(discord.slash(ana, channel, 'character info', { character: id }));
    expect(card.ephemeralFor).toBe(ana.id);
    expect(card.text).toContain(name);
    expect(card.text.replaceAll('\\', '')).toContain(greeting.slice(0, 20));
    expect(card.buttons).toHaveLength(2);
  });

  it('shows the gallery page by page, searches it, and shows one of them', async () => {
    const { discord, bot, ana, channel } = scene;
    const total = bot.services.bank.all.length;
    const first = await answered(discord.slash(ana, channel, 'character gallery'));
    expect(first.text).toContain(`${total} characters`);
    expect(first.text).toContain('Page 1 of ');
    expect(first.buttons[0]?.disabled).toBe(true);
    discord.press(ana, first, first.buttons[1]?.customId ?? '');
    const page = (): SeenMessage =>
      discord.whatUsersSee(channel).find(({ id }) => id === first.id) ?? expect.fail('it is gone');
    await discord.until(() => page().text.includes('Page 2 of '));
    await scene.restart();
    const search = discord.press(ana, page(), 'Search');
    await discord.modal(search);
    discord.submitModal(search, { words: 'panic' });
    await discord.until(() => page().text.includes('found for "panic"'));
    const [menu] = page().selects;
    const chosen = menu?.options[0] ?? expect.fail('the menu is empty');
    discord.select(ana, page(), menu?.customId ?? '', [chosen.value]);
    await discord.until(() => page().buttons.some(({ label }) => label === 'Back'));
    expect(page().text).toContain(bot.services.bank.get(chosen.value)?.name);
    discord.press(ana, page(), 'Back');
    await discord.until(() => page().text.includes('found for "panic"'));
  });

  it('says so where nobody fits', async () => {
    const { discord, ana, channel } = scene;
    const page = await answered(discord.slash(ana, channel, 'character gallery', { search: 'zzzz *qqq*' }));
    expect(page.text).toContain('Nobody fits "zzzz \\*qqq\\*"');
    expect(page.selects).toEqual([]);
  });

  it('picks one for the direct messages, and then another', async () => {
    const { discord, bot, ana } = scene;
    const dm = discord.dm(ana);
    const [one, two] = bot.services.bank.all;
    if (!one || !two) expect.fail('no characters');
    expect((await answered(discord.slash(ana, dm, 'character pick', { character: one.id }))).text).toContain(
      'You are talking to',
    );
    const session = sessionId(`discord:dm:${dm.id}`);
    expect((await bot.session(session)).characterId).toBe(one.id);
    const before = discord.whatUsersSee(dm).filter(({ ephemeralFor }) => ephemeralFor === null).length;
    const told = await answered(discord.slash(ana, dm, 'character pick', { character: two.name }));
    expect(told.text).toContain('You are talking to');
    expect((await bot.session(session)).characterId).toBe(two.id);
    const shown = discord.whatUsersSee(dm).filter(({ ephemeralFor }) => ephemeralFor === null);
    expect(shown).toHaveLength(before + 1);
    const introduced = shown.at(-1)?.text.replaceAll('\\', '') ?? '';
    expect(introduced).toContain(two.name);
    expect(introduced).toContain(two.greeting.slice(0, 20));
    expect(introduced.match(/is an AI character/g)).toHaveLength(1);
    expect(introduced).not.toContain('talking to');
    await answered(discord.slash(ana, dm, 'character pick', { character: two.name }));
    expect(discord.whatUsersSee(dm).filter(({ ephemeralFor }) => ephemeralFor === null)).toHaveLength(
      before + 1,
    );
  });

  it('a match that replaces who one talks to in a direct message greets once, and keeps what was said and why', async () => {
    const { discord, bot, ana } = scene;
    const dm = discord.dm(ana);
    const session = sessionId(`discord:dm:${dm.id}`);
    const asked = discord.slash(ana, dm, 'match');
    await discord.modal(asked);
    const shown = await answered(discord.submitModal(asked, { worry: 'My exams make me sick with worry.' }));
    const talks = shown.buttons.filter(({ label }) => label.startsWith('Talk to'));
    const publicly = () => discord.whatUsersSee(dm).filter(({ ephemeralFor }) => ephemeralFor === null);
    for (const [n, talk] of talks.slice(0, 2).entries()) {
      const told = await answered(discord.press(ana, shown, talk.customId ?? ''));
      expect(told.text).toMatch(/^You are talking to .+ now\.$/);
      const { characterId, matchReasons } = await bot.session(session);
      const character = bot.services.bank.get(characterId) ?? expect.fail('nobody');
      expect(matchReasons[0]?.facet).not.toBe('chosen');
      expect(publicly()).toHaveLength(n + 1);
      const first = publicly().at(-1)?.text.replaceAll('\\', '');
      expect(first).toContain(character.greeting.slice(0, 20));
      expect(first).toContain('is an AI character');
    }
    const { entries } = await bot.services.store.transcript.page(session, { limit: 9 });
    expect(entries.map(({ role }) => role)).toEqual(['notice', 'supporter', 'notice', 'supporter']);
  });

  it('says where everybody is shown when nobody is called so', async () => {
    const { discord, ana, channel } = scene;
    for (const command of ['character info', 'character pick']) {
      const told = await answered(discord.slash(ana, channel, command, { character: 'no*body' }));
      expect(told.text).toContain('There is no character "no\\*body".');
      expect(told.text).toMatch(/<\/character gallery:\d+> shows everybody/);
      expect(told.text).not.toContain('rapport');
    }
  });

  it('picks one in a thread only for whoever may', async () => {
    const { discord, bot, ana, ben, channel } = scene;
    const opener = await answered(discord.slash(ana, channel, 'chat', { message: 'Hello' }));
    const session = sessionId(`discord:thread:${opener.id}`);
    await bot.settled(session);
    const { characterId } = await bot.session(session);
    const other = bot.services.bank.all.find(({ id }) => id !== characterId)?.id ?? '';
    const refused = await answered(discord.slash(ben, opener.id, 'character pick', { character: other }));
    expect(refused.text).toContain('Only whoever began');
    expect((await bot.session(session)).characterId).toBe(characterId);
    await answered(discord.slash(ana, opener.id, 'character pick', { character: other }));
    expect((await bot.session(session)).characterId).toBe(other);
  });

  it('picks one in an announcement channel, in a thread that others see', async () => {
    const { discord, bot, ana, guild } = scene;
    const news = discord.addChannel(guild, { name: 'news', type: ChannelType.GuildAnnouncement });
    const { id } = bot.services.bank.all[0] ?? expect.fail('no characters');
    const opened = await answered(discord.slash(ana, news, 'character pick', { character: id }));
    const thread = /<#(\d+)>/.exec(opened.text)?.[1] ?? expect.fail('no thread is named');
    expect(discord.world.channels.get(thread)?.type).toBe(ChannelType.AnnouncementThread);
    expect((await bot.session(sessionId(`discord:thread:${thread}`))).characterId).toBe(id);
  });

  it('picks nobody where the server wants no characters', async () => {
    const { discord, bot, ana, channel, guild } = scene;
    await saveSettings(bot.services, `discord:${guild.id}`, { allowedChannels: ['1'] });
    const { id } = bot.services.bank.all[0] ?? expect.fail('no characters');
    const refused = await answered(discord.slash(ana, channel, 'character pick', { character: id }));
    expect(refused.text).toContain('other channels');
  });
});
