import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addMemory, listMemories } from '../../../../src/commands/memory.js';
import { readPersona } from '../../../../src/commands/persona.js';
import { type PersonId, personId, sessionId } from '../../../../src/ids.js';
import type { SeenMessage } from '../../../doubles/discord/index.js';
import { openScene, type Scene } from './scene.js';

let scene: Scene;
let ana: PersonId;
beforeEach(async () => {
  scene = await openScene();
  ana = personId(`discord:${scene.ana.id}`);
});
afterEach(() => scene.close());

const run = async (command: string, options = {}): Promise<SeenMessage> => {
  const { discord, channel } = scene;
  const message = await discord.answered(discord.slash(scene.ana, channel, command, options));
  expect(message.ephemeralFor).toBe(scene.ana.id);
  return message;
};
const now = (message: SeenMessage): SeenMessage =>
  scene.discord.whatUsersSee(message.channelId).find(({ id }) => id === message.id) ??
  expect.fail('it is gone');

describe('/persona', () => {
  it('is empty at first, edited by a form, and shown as it was typed', async () => {
    const { discord, bot, channel } = scene;
    expect((await run('persona show')).text).toContain('Nothing yet');
    const edit = discord.slash(scene.ana, channel, 'persona edit');
    await discord.modal(edit);
    const shown = await discord.answered(
      discord.submitModal(edit, { facts: 'I love **bold** <@1>\n- and lists', worry: 'Exams\nand more' }),
    );
    expect(shown.text).toContain('- I love \\*\\*bold\\*\\* \\<@1\\>');
    expect(shown.text).toContain('> Exams\n> and more');
    expect(await readPersona(bot.services, ana)).toEqual({
      facts: ['I love **bold** <@1>', 'and lists'],
      worry: 'Exams\nand more',
    });
  });

  it('has a button to change it that works after a restart', async () => {
    const { discord } = scene;
    const page = await run('persona show');
    await scene.restart();
    const edit = discord.press(scene.ana, page, 'Change');
    await discord.modal(edit);
    await discord.answered(discord.submitModal(edit, { name: 'Ana' }));
    expect((await readPersona(scene.bot.services, ana)).name).toBe('Ana');
  });
});

describe('/memory', () => {
  it('adds, lists and forgets, by choice and by menu', async () => {
    const { discord, bot, channel } = scene;
    expect((await run('memory list')).text).toContain('not been asked to remember');
    expect((await run('memory add', { fact: 'I bake _bread_ at night' })).text).toBe(
      'I will remember: I bake \\_bread\\_ at night',
    );
    await addMemory(bot.services, ana, 'I have two cats');
    const choices = await discord.autocomplete(scene.ana, channel, 'memory forget', {
      focused: 'fact',
      options: { fact: 'CATS' },
    });
    expect(choices).toEqual([expect.objectContaining({ name: 'I have two cats' })]);
    await run('memory forget', { fact: String(choices[0]?.value) });
    expect((await listMemories(bot.services, ana)).map(({ text }) => text)).toEqual([
      'I bake _bread_ at night',
    ]);
    const list = await run('memory list');
    const [menu] = list.selects;
    discord.select(scene.ana, list, menu?.customId ?? '', [menu?.options[0]?.value ?? '']);
    await discord.until(() => now(list).text.includes('not been asked to remember'));
    expect(await listMemories(bot.services, ana)).toEqual([]);
  });

  it('says so where there is no such fact, and where the list is full', async () => {
    const { bot } = scene;
    expect((await run('memory forget', { fact: 'never said' })).text).toContain('not among the facts');
    for (let n = 0; n < bot.services.config.memory.maxFacts; n += 1)
      await addMemory(bot.services, ana, `Fact ${n}`);
    expect((await run('memory add', { fact: 'One more' })).text).toContain('no room for more');
    expect((await run('memory list')).selects[0]?.options).toHaveLength(25);
  });

  it('says whether what is told is remembered by itself, and has what waits kept or dropped (issue 15 §2)', async () => {
    const { discord, bot, channel } = scene;
    const words = async (path: string, options: Record<string, string> = {}): Promise<string> =>
      (await run(path, options)).text;
    expect(await words('memory automatic')).toContain('I collect no facts about you by myself');
    expect(await words('memory automatic', { mode: 'ask' })).toContain('keep only those you say yes to');
    for (const text of ['I have two cats', 'I own a boat', 'I like tea'])
      await bot.services.store.people.addMemory({
        ...{ id: `read:${text}`, personId: ana, text, at: 1 },
        source: { entry: 'm1', by: 'rules', open: 'proposed' },
      });
    expect(await words('memory automatic')).toContain('I own a boat');
    const choices = await discord.autocomplete(scene.ana, channel, 'memory keep', {
      focused: 'fact',
      options: { fact: 'cats' },
    });
    expect(choices).toEqual([expect.objectContaining({ name: 'I have two cats' })]);
    expect(await words('memory keep', { fact: String(choices[0]?.value) })).toContain('two cats');
    expect(await words('memory drop', { fact: 'all' })).toContain('Not kept');
    expect((await listMemories(bot.services, ana)).map(({ text }) => text)).toEqual(['I have two cats']);
    await words('memory automatic', { mode: 'off' });
    expect((await bot.services.store.people.profile(ana))?.remembering).toBeUndefined();
  });

  it('shows nobody else’s facts', async () => {
    const { discord, bot, ben, channel } = scene;
    await addMemory(bot.services, ana, 'A secret');
    const theirs = await discord.answered(discord.slash(ben, channel, 'memory list'));
    expect(theirs.text).not.toContain('secret');
    const choices = await discord.autocomplete(ben, channel, 'memory forget', {
      focused: 'fact',
      options: { fact: '' },
    });
    expect(choices).toEqual([]);
  });
});

describe('/privacy', () => {
  it('exports everything as a file', async () => {
    const { discord, bot, channel } = scene;
    await addMemory(bot.services, ana, 'I bake at night');
    const opener = await discord.answered(
      discord.slash(scene.ana, channel, 'chat', { message: 'Hello there' }),
    );
    await bot.settled(sessionId(`discord:thread:${opener.id}`));
    const shown = await run('privacy export');
    const [page, file] = shown.attachments;
    expect(page?.name).toMatch(/\.html$/);
    expect(await (await fetch(page?.url ?? '')).text()).toContain('Hello there');
    expect(file?.name).toMatch(/^rapport-export-\d{4}-\d\d-\d\d\.json$/);
    const response = await fetch(file?.url ?? '');
    const data = (await response.json()) as Record<string, unknown>;
    expect(data).toMatchObject({ personId: ana, memories: [{ text: 'I bake at night' }] });
    expect(JSON.stringify(data)).toContain('Hello there');
  });

  it('deletes everything, but only when that is confirmed', async () => {
    const { discord, bot } = scene;
    await addMemory(bot.services, ana, 'I bake at night');
    const kept = await run('privacy delete');
    discord.press(scene.ana, kept, 'Cancel');
    await discord.until(() => now(kept).text === 'Nothing was changed.');
    expect(await listMemories(bot.services, ana)).toHaveLength(1);
    const sure = await run('privacy delete');
    await scene.restart();
    discord.press(scene.ana, sure, 'Delete everything');
    await discord.until(() => now(sure).text.startsWith('Everything stored about you is deleted'));
    expect(now(sure).text).toContain('remembered facts: 1');
    expect(now(sure).buttons).toEqual([]);
    expect(await scene.bot.services.store.people.profile(ana)).toBeNull();
    expect(await listMemories(scene.bot.services, ana)).toEqual([]);
  });

  it('pauses and resumes', async () => {
    const { bot } = scene;
    expect((await run('privacy pause')).text).toMatch(/<\/privacy resume:\d+>/);
    expect((await bot.services.store.people.profile(ana))?.paused).toBe(true);
    await run('privacy resume');
    expect((await bot.services.store.people.profile(ana))?.paused).toBe(false);
  });
});

describe('/age and /safety', () => {
  it('note an age for the person alone, and say what is done for them', async () => {
    const { bot } = scene;
    expect((await run('age', { years: 'I am 15' })).text).toMatch(/you are 15.*under 18/s);
    expect((await readPersona(bot.services, ana)).age).toBe(15);
    expect((await run('age')).text).toContain('You said that you are 15');
    await run('age', { years: 'off' });
    expect((await readPersona(bot.services, ana)).age).toBeUndefined();
    const { text } = await run('safety');
    for (const title of ['This is an AI', 'What is looked for', 'How to reach a human', 'Your data'])
      expect(text).toContain(title);
    expect(text).toMatch(/988|116 123/);
  });
});
