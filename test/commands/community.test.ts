import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TurnRequest, takeTurn } from '../../src/commands/allowance.js';
import {
  characterCard,
  characterChoices,
  findCharacters,
  namedCharacter,
} from '../../src/commands/characters.js';
import { remindIfDue } from '../../src/commands/disclosure.js';
import { giveFeedback } from '../../src/commands/feedback.js';
import {
  channelAllowed,
  defaultSettings,
  readSettings,
  removeSettings,
  saveSettings,
} from '../../src/commands/settings.js';
import { messageId, personId, turnId } from '../../src/ids.js';
import { ada, bank, say, talk } from '../session/world.js';
import { type CommandSetting, openSetting } from './setting.js';

let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting(({ limits, care }) => ({
    limits: { ...limits, dailyReplies: 2 },
    care: { ...care, disclosureEveryHours: 3 },
  }));
});
afterEach(() => setting.dispose());

const guild = 'discord:g1';
const hour = 3_600_000;

describe('the settings of a community', () => {
  it('are the defaults of the operator but for what was set', async () => {
    const { services } = setting;
    const defaults = defaultSettings(services);
    expect(defaults).toEqual({
      allowedChannels: [],
      defaultCharacterId: null,
      dailyReplies: 2,
      disclosureEveryHours: 3,
      allowBots: false,
    });
    expect(await readSettings(services, guild)).toEqual(defaults);
    await saveSettings(services, guild, { allowedChannels: ['c1'], dailyReplies: 9 });
    const saved = await saveSettings(services, guild, { allowBots: true, defaultCharacterId: 'maren-voss' });
    expect(saved).toEqual({
      ...defaults,
      allowedChannels: ['c1'],
      dailyReplies: 9,
      allowBots: true,
      defaultCharacterId: 'maren-voss',
    });
    expect(await readSettings(services, guild)).toEqual(saved);
    expect(await readSettings(services, 'discord:g2')).toEqual(defaults);
    expect(await readSettings(services, null)).toEqual(defaults);
    // Given back, and following the operator from then on.
    await saveSettings(services, guild, { dailyReplies: undefined });
    const { config } = services;
    const stricter = { ...services, config: { ...config, limits: { ...config.limits, dailyReplies: 1 } } };
    expect((await readSettings(stricter, guild)).dailyReplies).toBe(1);
    expect((await readSettings(stricter, guild)).allowBots).toBe(true);
    await removeSettings(services, guild);
    expect(await readSettings(services, guild)).toEqual(defaults);
  });

  it.each(['no JSON {', '[]', '{"dailyReplies":-1}', '"x"', '{"allowedChannels":"all"}'])(
    'that cannot be read (%s) are reported and the defaults hold; saving mends them',
    async (broken) => {
      const { services, warnings } = setting;
      await services.store.values.set(`settings:${guild}`, broken);
      expect(await readSettings(services, guild)).toEqual(defaultSettings(services));
      expect(warnings).toEqual([
        expect.objectContaining({ community: guild, problems: [expect.any(String)] }),
      ]);
      await saveSettings(services, guild, { allowBots: true });
      warnings.length = 0;
      expect((await readSettings(services, guild)).allowBots).toBe(true);
      expect(warnings).toEqual([]);
    },
  );

  it('refuse what is out of range', async () => {
    await expect(saveSettings(setting.services, guild, { dailyReplies: -1 })).rejects.toThrow();
    expect(await readSettings(setting.services, guild)).toEqual(defaultSettings(setting.services));
  });

  it('say where the characters answer: in a channel or in a thread of it', () => {
    const settings = { ...defaultSettings(setting.services), allowedChannels: ['c1'] };
    expect(channelAllowed(settings, ['c1'])).toBe(true);
    expect(channelAllowed(settings, ['thread', 'c1'])).toBe(true);
    expect(channelAllowed(settings, ['c2'])).toBe(false);
    expect(channelAllowed({ ...settings, allowedChannels: [] }, ['c2'])).toBe(true);
  });
});

describe('the daily allowance', () => {
  let count = 0;
  const ask = async (change: Partial<TurnRequest> = {}) => {
    count += 1;
    const settings = await readSettings(setting.services, change.community ?? null);
    return takeTurn(setting.services, settings, {
      community: null,
      person: ada,
      message: messageId(`a${count}`),
      ...change,
    });
  };

  it('ends a day and begins again with the next one (UTC)', async () => {
    const { clock } = setting;
    clock.goTo(Date.UTC(2027, 0, 5, 20, 30));
    expect([await ask(), await ask()]).toEqual(['ok', 'ok']);
    const resetsAt = Date.UTC(2027, 0, 6);
    expect(await ask()).toEqual({
      limit: 2,
      resetsAt,
      first: true,
      notice: say('allowance.usedUp', { limit: 2, hours: 4 }),
    });
    expect(await ask()).toMatchObject({ first: false });
    clock.goTo(resetsAt - 60_000);
    expect(await ask()).toMatchObject({ notice: say('allowance.usedUpSoon', { limit: 2 }) });
    clock.goTo(resetsAt + 1);
    expect(await ask()).toBe('ok');
  });

  it('is counted for each person and community by itself, as its administrators set it', async () => {
    const ben = personId('discord:ben');
    for (let n = 0; n < 2; n += 1) expect(await ask()).toBe('ok');
    expect(await ask({ person: ben })).toBe('ok');
    expect(await ask({ community: guild })).toBe('ok');
    await saveSettings(setting.services, guild, { dailyReplies: 0 });
    for (let n = 0; n < 5; n += 1) expect(await ask({ community: guild })).toBe('ok');
    await saveSettings(setting.services, 'discord:g2', { dailyReplies: 1 });
    expect(await ask({ community: 'discord:g2' })).toBe('ok');
    expect(await ask({ community: 'discord:g2' })).toMatchObject({ limit: 1, first: true });
    expect(await ask()).toMatchObject({ limit: 2 });
  });

  it('counts a message that the platform sends again once', async () => {
    const message = messageId('again');
    for (let n = 0; n < 5; n += 1) expect(await ask({ message })).toBe('ok');
    expect(await ask()).toBe('ok');
    expect(await ask()).toMatchObject({ first: true });
    expect(await ask({ message })).toBe('ok');
  });
});

describe('being told again that this is an AI', () => {
  const said = say('disclosure', { name: 'Maren' });

  it('happens when the time is over, once, at the beginning of the next reply', async () => {
    const { world, services, clock } = setting;
    expect(await remindIfDue(services, null, 1)).toBe(false);
    await world.open('maren-voss', { createdAt: clock.now() });
    const remind = async () => remindIfDue(services, await world.session(), 1);
    expect(await remind()).toBe(false);
    clock.pass(hour);
    expect(await remindIfDue(services, await world.session(), 0)).toBe(false);
    expect(await remind()).toBe(true);
    expect(await world.tell('hello')).toContain(said);
    expect(await remind()).toBe(false);
    expect(await world.tell('hello again')).not.toContain(said);
    clock.pass(hour + 1);
    expect(await remind()).toBe(true);
  });

  it('happens on every platform as the operator set it, without a reminder from outside', async () => {
    const { world, clock } = setting;
    await world.open('maren-voss', { createdAt: clock.now() });
    clock.pass(3 * hour - 60_000);
    expect(await world.tell('hello')).not.toContain(said);
    clock.pass(60_001);
    expect(await world.tell('hello')).toContain(said);
    expect(await world.tell('hello')).not.toContain(said);
    expect((await world.session()).disclosedAt).toBeGreaterThan(0);
  });

  it('is still due where the reply that should have said it could not be delivered', async () => {
    const { world, clock } = setting;
    await world.open('maren-voss', { createdAt: clock.now() });
    clock.pass(3 * hour + 1);
    world.platform.failNext('post', { permanent: true });
    await world.tell('hello');
    expect(await world.tell('are you there?')).toContain(said);
  });
});

describe('feedback', () => {
  it('belongs to the reply of a turn, can be changed and taken back', async () => {
    const { world, services } = setting;
    await world.open('maren-voss');
    for (let n = 0; n < 60; n += 1) await world.tell(`line ${n}`);
    const old = turnId(talk, 2);
    const of = async (turn: string) =>
      (await world.transcript())
        .filter((entry) => entry.feedback)
        .map(({ turnId: id, feedback }) => [id === turn, feedback]);
    expect(await giveFeedback(services, talk, old, 'up')).toBe(true);
    expect(await of(old)).toEqual([[true, 'up']]);
    expect(await giveFeedback(services, talk, old, 'down')).toBe(true);
    expect(await of(old)).toEqual([[true, 'down']]);
    expect(await giveFeedback(services, talk, old, null)).toBe(true);
    expect(await of(old)).toEqual([]);
    expect(await giveFeedback(services, talk, turnId(talk, 999), 'up')).toBe(false);
  });
});

describe('characters', () => {
  const services = { bank };

  it('are found by words, in pages', () => {
    const { total, characters } = findCharacters(services, 'grief', 2);
    expect(characters).toHaveLength(Math.min(2, total));
    expect(findCharacters(services, 'grief', 1, 1).characters[0]).toBe(characters[1]);
    expect(findCharacters(services, 'zzzz', 5)).toEqual({ total: 0, characters: [] });
  });

  it('are known by id and by name', () => {
    expect(namedCharacter(services, 'maren-voss')?.id).toBe('maren-voss');
    expect(namedCharacter(services, ' Maren Voss ')?.id).toBe('maren-voss');
    expect(namedCharacter(services, 'nobody at all')).toBeUndefined();
    expect(namedCharacter(services, ' ')).toBeUndefined();
    for (const { id, name, value } of characterChoices(services, '').map((choice) => ({
      id: choice.value,
      ...choice,
    }))) {
      expect(bank.get(id)).toBeDefined();
      expect(name.length).toBeGreaterThan(0);
      expect(Math.max(name.length, value.length)).toBeLessThanOrEqual(100);
    }
    expect(characterChoices(services, 'voss')[0]).toMatchObject({ value: 'maren-voss' });
    expect(characterChoices(services, '')).toHaveLength(25);
  });

  it('show who they are, and nothing of their statements or memories', () => {
    for (const character of bank.all.slice(0, 50)) {
      const card = characterCard(character);
      expect(card.shortName).toBe(character.shortName ?? character.name);
      const shown = JSON.stringify(card);
      expect(shown).not.toContain(character.supporterStatement);
      for (const memory of Object.values(character.memory)) expect(shown).not.toContain(memory);
    }
  });
});
