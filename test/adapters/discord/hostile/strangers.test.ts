import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { savePersona } from '../../../../src/commands/persona.js';
import { personId, type SessionId, sessionId } from '../../../../src/ids.js';
import { openScene, type Scene } from '../interactions/scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** A conversation of Ana in a thread that everybody sees, with its first reply. */
async function conversation(): Promise<{ thread: string; session: SessionId; characterId: string }> {
  const { discord, bot, ana, channel } = scene;
  const opener = await discord.answered(discord.slash(ana, channel, 'chat', { message: 'Hello' }));
  const session = sessionId(`discord:thread:${opener.id}`);
  await bot.settled(session);
  return { thread: opener.id, session, characterId: (await bot.session(session)).characterId };
}

describe('in a conversation of somebody else, a stranger', () => {
  it('does not bring another character in by asking for one', async () => {
    const { discord, bot, ana, ben } = scene;
    const { thread, session, characterId } = await conversation();
    const other =
      bot.services.bank.all.find(({ id }) => id !== characterId)?.id ?? expect.fail('nobody else');
    discord.slash(ben, thread, 'chat', { message: 'Hi', character: other });
    await discord.until(() =>
      discord.whatUsersSee(thread).some(({ text }) => text.includes('Only whoever began')),
    );
    await bot.settled(session);
    expect((await bot.session(session)).characterId).toBe(characterId);
    expect(bot.model.requests).toHaveLength(1);
    await discord.answered(discord.slash(ana, thread, 'chat', { message: 'Hi', character: other }));
    await bot.settled(session);
    expect((await bot.session(session)).characterId).toBe(other);
  });

  it('does not steer it by a control code', async () => {
    const { discord, bot, ana, ben } = scene;
    const { thread, session } = await conversation();
    discord.slash(ben, thread, 'chat', { message: '!topic! music' });
    await discord.until(() =>
      discord.whatUsersSee(thread).some(({ text }) => text.includes('Only whoever began')),
    );
    await bot.settled(session);
    expect((await bot.session(session)).steering.sticky).toBeNull();
    await discord.answered(discord.slash(ana, thread, 'chat', { message: '!topic! music' }));
    await bot.settled(session);
    expect((await bot.session(session)).steering.sticky).not.toBeNull();
  });

  it('does not learn from /why what its owner has said about themselves', async () => {
    const { discord, bot, ana, ben, channel } = scene;
    const { services } = bot;
    await savePersona(services, personId(`discord:${ana.id}`), {
      facts: ['I keep bees and play the cello'],
      mbti: 'INFJ',
      worry: 'my divorce',
    });
    const opened = discord.slash(ana, channel, 'match');
    await discord.modal(opened);
    const shown = await discord.answered(discord.submitModal(opened, {}));
    const talk = shown.buttons.find(({ label }) => label.startsWith('Talk to'));
    const told = await discord.answered(discord.press(ana, shown, talk?.customId ?? ''));
    const thread = /<#(\d+)>/.exec(told.text)?.[1] ?? expect.fail('no thread is named');
    const session = sessionId(`discord:thread:${thread}`);
    const reasons = (await bot.session(session)).matchReasons.map(({ text }) => text);
    await discord.answered(discord.slash(ana, thread, 'chat', { message: 'Hello there' }));
    await bot.settled(session);
    await discord.answered(discord.slash(ben, thread, 'chat', { message: 'Hi' }));
    await bot.settled(session);
    const own = await discord.answered(discord.slash(ana, thread, 'why'));
    expect(reasons.some((reason) => own.text.includes(reason))).toBe(true);
    const others = await discord.answered(discord.slash(ben, thread, 'why'));
    expect(others.text).toContain('told to them alone');
    expect(reasons.filter((reason) => others.text.includes(reason))).toEqual([]);
  });
});

describe('where a person may not write', () => {
  it('what they say to a character stays between the two', async () => {
    const { discord, bot, ana, guild } = scene;
    const news = discord.addChannel(guild, { name: 'rules' });
    discord.setOverwrite(news, { target: guild.id, deny: PermissionFlagsBits.SendMessages });
    discord.setOverwrite(news, {
      allow: PermissionFlagsBits.SendMessages | PermissionFlagsBits.CreatePublicThreads,
    });
    const said = discord.slash(ana, news, 'chat', { message: 'look at me' });
    const answer = await discord.answered(said);
    await bot.settled(sessionId(`discord:user:${ana.id}:${news.id}`));
    expect(answer.ephemeralFor).toBe(ana.id);
    expect(discord.whatUsersSee(news).filter(({ ephemeralFor }) => ephemeralFor === null)).toEqual([]);
  });
});
