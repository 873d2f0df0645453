import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SessionId, sessionId } from '../../../../src/ids.js';
import type { SeenMessage } from '../../../doubles/discord/index.js';
import type { User } from '../../../doubles/discord/people/places.js';
import { openScene, type Scene } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

async function conversation(): Promise<{ thread: string; session: SessionId }> {
  const { discord, bot, ana, channel } = scene;
  const opener = await discord.answered(discord.slash(ana, channel, 'chat', { message: 'Hello' }));
  const session = sessionId(`discord:thread:${opener.id}`);
  await bot.settled(session);
  return { thread: opener.id, session };
}

async function run(who: User, where: string, command: string, options = {}): Promise<SeenMessage> {
  const { discord } = scene;
  const message = await discord.answered(discord.slash(who, where, command, options));
  expect(message.ephemeralFor).toBe(who.id);
  return message;
}

describe('/steer', () => {
  it('sets a goal once, for good, in a queue, and turns it off', async () => {
    const { bot, ana } = scene;
    const { thread, session } = await conversation();
    expect((await run(ana, thread, 'steer', { goal: 'music' })).text).toContain('talk about music');
    expect((await bot.session(session)).steering.queue).toEqual(['talk about music.']);
    const sticky = await run(ana, thread, 'steer', { goal: 'the sea', mode: 'sticky' });
    expect(sticky.text).toMatch(/talk about the sea\. Write \/steer mode:off to stop\.$/);
    expect((await bot.session(session)).steering.sticky).toBe('talk about the sea.');
    await run(ana, thread, 'steer', { goal: 'pets, food', mode: 'queue' });
    expect((await bot.session(session)).steering.queue).toHaveLength(3);
    await run(ana, thread, 'steer', { mode: 'off' });
    expect((await bot.session(session)).steering).toEqual({ sticky: null, queue: [] });
    const topics = (await run(ana, thread, 'steer')).text;
    expect(topics).toContain('Topics:');
    expect(topics).toContain('/steer goal:music mode:sticky');
    expect(topics).not.toContain('!topic');
  });

  it('offers goals while they are typed, and the own words', async () => {
    const { discord, ana, channel } = scene;
    const typed = async (goal: string) =>
      discord.autocomplete(ana, channel, 'steer', { focused: 'goal', options: { goal } });
    expect((await typed('mus'))[0]).toMatchObject({ value: 'music' });
    expect(await typed('a walk by the sea')).toEqual([
      { name: 'a walk by the sea', value: 'a walk by the sea' },
    ]);
    expect((await typed('x'.repeat(480))).every(({ name }) => name.length <= 100)).toBe(true);
  });

  it('is the owner’s or a moderator’s', async () => {
    const { bot, ben, mod } = scene;
    const { thread, session } = await conversation();
    expect((await run(ben, thread, 'steer', { goal: 'music' })).text).toContain('Only whoever began');
    expect((await bot.session(session)).steering.queue).toEqual([]);
    await run(mod, thread, 'steer', { goal: 'music' });
    expect((await bot.session(session)).steering.queue).toHaveLength(1);
  });

  it('says where the conversation is when it is not here', async () => {
    const { ana, ben, channel } = scene;
    const { thread } = await conversation();
    expect((await run(ana, channel.id, 'steer', { goal: 'music' })).text).toContain(`<#${thread}>`);
    expect((await run(ben, channel.id, 'steer', { goal: 'music' })).text).toMatch(
      /Begin one with <\/chat:\d+>/,
    );
  });
});

describe('/style', () => {
  it('sets attributes, shows them, and gives them back', async () => {
    const { bot, ana } = scene;
    const { thread, session } = await conversation();
    await run(ana, thread, 'style', { language: 'lyrical', outlook: 'optimistic' });
    expect((await bot.session(session)).style).toEqual({ languagestyle: 'lyrical', attitude: 'optimistic' });
    expect((await run(ana, thread, 'style')).text).toContain('vivid, lyrical language');
    await run(ana, thread, 'style', { outlook: 'as-they-are' });
    expect((await bot.session(session)).style).toEqual({ languagestyle: 'lyrical' });
  });
});

describe('/why', () => {
  it('explains the last reply to those who take part', async () => {
    const { ana, ben } = scene;
    const { thread } = await conversation();
    const why = await run(ana, thread, 'why');
    expect(why.text).toContain('### How the last reply came about');
    expect(why.text.match(/\*\*/g)?.length ?? 0).toBeGreaterThanOrEqual(6);
    expect((await run(ben, thread, 'why')).text).toContain('not your conversation');
  });

  it('says so where there is no reply', async () => {
    const { discord, bot, ana } = scene;
    const dm = discord.dm(ana);
    const { id } = bot.services.bank.all[0] ?? expect.fail('no characters');
    await discord.answered(discord.slash(ana, dm, 'character pick', { character: id }));
    expect((await discord.answered(discord.slash(ana, dm, 'why'))).text).toBe('There is no reply yet.');
  });
});

describe('/reset', () => {
  it('forgets the conversation once it is confirmed; a second press finds nothing', async () => {
    const { discord, bot, ana } = scene;
    const { thread, session } = await conversation();
    const sure = await run(ana, thread, 'reset');
    const text = (): string =>
      discord.whatUsersSee(thread).find(({ id }) => id === sure.id)?.text ?? expect.fail('it is gone');
    const [end] = sure.buttons;
    const held = discord.faults.hold({ method: 'PATCH', path: '/messages/%40original' });
    discord.press(ana, sure, end?.customId ?? '');
    await held.reached;
    discord.press(ana, sure, end?.customId ?? '');
    held.release();
    await discord.until(() => /forgotten|no more/.test(text()));
    await bot.settled();
    expect(await bot.services.store.sessions.get(session)).toBeNull();
    expect((await run(ana, thread, 'reset')).text).toContain('no conversation here');
  });

  it('is not for others', async () => {
    const { ben } = scene;
    const { thread } = await conversation();
    expect((await run(ben, thread, 'reset')).text).toContain('Only whoever began');
  });
});

describe('/help', () => {
  it('lists the commands to click on', async () => {
    const { ana, channel } = scene;
    const help = await run(ana, channel.id, 'help');
    for (const path of ['chat', 'match', 'steer', 'why', 'privacy export'])
      expect(help.text).toMatch(new RegExp(`</${path}:\\d+>`));
    expect(help.text).toContain('AI character');
  });

  it('names the settings to whoever may manage the server, nobody else', async () => {
    const { ana, mod, channel } = scene;
    expect((await run(mod, channel.id, 'help')).text).toMatch(/<\/settings show:\d+>/);
    expect((await run(ana, channel.id, 'help')).text).not.toContain('settings');
  });

  it('leaves the settings out where there are none', async () => {
    const { discord, ana } = scene;
    const help = await discord.answered(discord.slash(ana, discord.dm(ana), 'help'));
    expect(help.text).not.toContain('settings');
  });
});
