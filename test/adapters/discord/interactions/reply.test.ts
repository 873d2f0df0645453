import { ButtonStyle, InteractionResponseType } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { componentId } from '../../../../adapters/discord/interactions/component-id.js';
import { markOf } from '../../../../adapters/discord/interactions/reply-buttons.js';
import { removeConversation } from '../../../../src/commands/conversation.js';
import { personId, type SessionId, sessionId } from '../../../../src/ids.js';
import type { SeenMessage } from '../../../doubles/discord/index.js';
import type { Interaction } from '../../../doubles/discord/people/interact.js';
import { says, waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { openScene, type Scene } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** A conversation of Ana in a thread, with its first reply. */
async function conversation(): Promise<{ thread: string; session: SessionId }> {
  const { discord, bot, ana, channel } = scene;
  const opener = await discord.answered(discord.slash(ana, channel, 'chat', { message: 'Hello' }));
  const session = sessionId(`discord:thread:${opener.id}`);
  await bot.settled(session);
  return { thread: opener.id, session };
}

/** What everybody sees, oldest first. */
const shownIn = (channel: string): SeenMessage[] =>
  scene.discord.whatUsersSee(channel).filter(({ ephemeralFor }) => ephemeralFor === null);
const lastIn = (channel: string): SeenMessage => shownIn(channel).at(-1) ?? expect.fail('nothing is shown');

function idOf(message: SeenMessage, emoji: string): string {
  const found = message.buttons.find((button) => button.emoji === emoji);
  return found?.customId ?? expect.fail(`no button ${emoji}`);
}

async function told(interaction: Interaction): Promise<string> {
  const [followUp] = await scene.discord.until(() => {
    const { followUps } = scene.discord.interaction(interaction);
    return followUps.length > 0 ? followUps : null;
  });
  expect(followUp?.ephemeralFor).toBe(interaction.userId);
  return followUp?.text ?? '';
}

describe('stop', () => {
  it('ends the reply that is being written, and what was written stays', async () => {
    const { discord, bot, ana, channel } = scene;
    const never = gate();
    bot.model.next(waits('Well, let me think. ', never.opened, 'Never said.'));
    const opener = await discord.answered(discord.slash(ana, channel, 'chat', { message: 'Hello' }));
    const session = sessionId(`discord:thread:${opener.id}`);
    const streaming = await discord.until(() =>
      discord
        .whatUsersSee(opener.id)
        .find(
          ({ buttons, text }) => text.includes('think.') && buttons.some(({ label }) => label === 'Stop'),
        ),
    );
    const pressed = discord.press(ana, streaming, 'Stop');
    await discord.acknowledged(pressed);
    await bot.settled(session);
    expect(discord.interaction(pressed).callback?.type).toBe(InteractionResponseType.DeferredMessageUpdate);
    expect(lastIn(opener.id).text).toContain('let me think.');
    expect(lastIn(opener.id).text).not.toContain('Never said');
    expect(lastIn(opener.id).buttons.map(({ label }) => label)).toContain('Regenerate');
  });

  it('is refused to somebody who does not take part, and open to a moderator', async () => {
    const { discord, bot, ana, ben, mod, channel } = scene;
    const never = gate();
    bot.model.next(waits('Well, let me think. ', never.opened));
    const opener = await discord.answered(discord.slash(ana, channel, 'chat', { message: 'Hello' }));
    const streaming = await discord.until(() =>
      discord.whatUsersSee(opener.id).find(({ buttons }) => buttons.some(({ label }) => label === 'Stop')),
    );
    expect(await told(discord.press(ben, streaming, 'Stop'))).toContain('not your conversation');
    discord.press(mod, streaming, 'Stop');
    await bot.settled(sessionId(`discord:thread:${opener.id}`));
    await discord.until(() => lastIn(opener.id).buttons.some(({ label }) => label === 'Regenerate'));
  });

  it('that comes too late says so', async () => {
    const { discord, ana } = scene;
    const { thread, session } = await conversation();
    const stop = componentId({ do: 'stop', session: `t${thread}`, turn: '1', nonce: 'abc' });
    discord.world.anyMessage(lastIn(thread).id)?.components.push({
      type: 1,
      components: [{ type: 2, style: ButtonStyle.Secondary, label: 'Stop', custom_id: stop }],
    });
    expect(await told(discord.press(ana, lastIn(thread), stop))).toBe('No reply is being written any more.');
    expect((await scene.bot.session(session)).turnCount).toBe(1);
  });
});

describe('regenerate', () => {
  it('writes the last reply anew; the old one loses its buttons, and a second press asks for nothing more', async () => {
    const { discord, bot, ana } = scene;
    const { thread, session } = await conversation();
    bot.model.next(says('Another way to put it.'));
    const old = lastIn(thread);
    const again = idOf(old, '🔄');
    const held = discord.faults.hold({ method: 'PATCH', bodyIncludes: '"components":[]' });
    discord.press(ana, old, again);
    await held.reached;
    discord.press(ana, old, again);
    await discord.until(() => discord.requests.filter(({ path }) => path.endsWith('/callback')).length >= 3);
    held.release();
    await bot.settled(session);
    expect(lastIn(thread).text).toContain('Another way to put it.');
    expect(discord.whatUsersSee(thread).find(({ id }) => id === old.id)?.buttons).toEqual([]);
    const spoken = (await bot.transcript(session)).filter(({ role }) => role === 'supporter');
    expect(spoken.map(({ text }) => text)).toEqual(['Another way to put it.']);
    expect(bot.model.requests).toHaveLength(2);
  });

  it('of an older reply is refused', async () => {
    const { discord, bot, ana } = scene;
    const { thread, session } = await conversation();
    const old = lastIn(thread);
    discord.slash(ana, thread, 'chat', { message: 'More' });
    await discord.until(() => lastIn(thread).id !== old.id && lastIn(thread).buttons.length > 0);
    await bot.settled(session);
    expect(await told(discord.press(ana, old, idOf(old, '🔄')))).toContain('older reply');
    expect(bot.model.requests).toHaveLength(2);
  });

  it('works after a restart', async () => {
    const { discord, ana } = scene;
    const { thread, session } = await conversation();
    const old = lastIn(thread);
    await scene.restart();
    scene.bot.model.next(says('Said by the next process.'));
    discord.press(ana, old, idOf(old, '🔄'));
    await discord.until(() => lastIn(thread).text.includes('Said by the next process.'));
    await scene.bot.settled(session);
  });

  it('in a conversation that only its person sees comes as a message that only they see', async () => {
    const { discord, bot, ana, channel } = scene;
    const asked = discord.slash(ana, channel, 'chat', { message: 'Hello', private: true });
    const session = sessionId(`discord:user:${ana.id}:${channel.id}`);
    await discord.until(() =>
      discord.interaction(asked).original?.buttons.some(({ emoji }) => emoji === '🔄'),
    );
    await bot.settled(session);
    const old = discord.interaction(asked).original ?? expect.fail('no answer');
    bot.model.next(says('Said anew.'));
    const pressed = discord.press(ana, old, idOf(old, '🔄'));
    expect(await told(pressed)).toContain('Said anew.');
    await bot.settled(session);
    expect(discord.whatUsersSee(channel, { viewer: scene.ben.id })).toEqual([]);
  });
});

describe('👍 and 👎', () => {
  it('are kept and shown; the pressed one takes it back, after a restart too', async () => {
    const { discord, ana } = scene;
    const { thread, session } = await conversation();
    const feedback = async (): Promise<unknown> =>
      (await scene.bot.transcript(session)).find(({ role }) => role === 'supporter')?.feedback;
    const styleOf = (emoji: string) => lastIn(thread).buttons.find((button) => button.emoji === emoji)?.style;
    discord.press(ana, lastIn(thread), idOf(lastIn(thread), '👍'));
    await discord.until(() => styleOf('👍') === ButtonStyle.Success);
    expect(await feedback()).toBe('up');
    discord.press(ana, lastIn(thread), idOf(lastIn(thread), '👎'));
    await discord.until(() => styleOf('👎') === ButtonStyle.Danger);
    expect(styleOf('👍')).toBe(ButtonStyle.Secondary);
    expect(await feedback()).toBe('down');
    await scene.restart();
    discord.press(ana, lastIn(thread), idOf(lastIn(thread), '👎'));
    await discord.until(() => styleOf('👎') === ButtonStyle.Secondary);
    expect(await feedback()).toBeUndefined();
    expect(lastIn(thread).text).toContain('I hear you.');
    expect(lastIn(thread).buttons).toHaveLength(3);
  });

  it('are open to whoever has joined the thread, and to nobody else', async () => {
    const { discord, ben } = scene;
    const { thread } = await conversation();
    expect(await told(discord.press(ben, lastIn(thread), idOf(lastIn(thread), '👍')))).toContain(
      'not your conversation',
    );
    discord.say(ben, thread, 'I am here, too.');
    const reply = shownIn(thread).at(-2) ?? expect.fail('no reply');
    discord.press(ben, reply, idOf(reply, '👍'));
    await discord.until(() =>
      discord
        .whatUsersSee(thread)
        .some(({ buttons }) => buttons.some(({ style }) => style === ButtonStyle.Success)),
    );
  });

  it('of a conversation that is no more say so', async () => {
    const { discord, bot, ana } = scene;
    const { thread, session } = await conversation();
    await removeConversation(bot.services, session);
    expect(await told(discord.press(ana, lastIn(thread), idOf(lastIn(thread), '👍')))).toContain(
      'does not exist any more',
    );
  });
});

describe('an offer', () => {
  async function offered(): Promise<{ thread: string; session: SessionId; other: string }> {
    const { bot, discord } = scene;
    const { thread, session } = await conversation();
    const other = bot.services.bank.all[11]?.id ?? expect.fail('no such character');
    const { characterId } = await bot.session(session);
    expect(other).not.toBe(characterId);
    // What the core does when it offers somebody.
    await bot.services.store.sessions.update(session, { offeredCharacterId: other });
    const mark = markOf(other);
    const at = { do: 'offer', session: `t${thread}`, mark } as const;
    discord.world.anyMessage(lastIn(thread).id)?.components.push({
      type: 1,
      components: (['take', 'decline'] as const).map((answer) => ({
        type: 2 as const,
        style: ButtonStyle.Primary as const,
        label: answer,
        custom_id: componentId({ ...at, answer }),
      })),
    });
    return { thread, session, other };
  }

  it('is taken with one press, and its buttons go', async () => {
    const { discord, bot, ana } = scene;
    const { thread, session, other } = await offered();
    const name = bot.services.bank.get(other)?.name;
    expect(await told(discord.press(ana, lastIn(thread), 'take'))).toBe(`You are now talking to ${name}.`);
    expect((await bot.session(session)).characterId).toBe(other);
    expect(lastIn(thread).buttons.map(({ label }) => label)).not.toContain('take');
    expect(lastIn(thread).buttons).toHaveLength(3);
  });

  it('is declined without a change', async () => {
    const { discord, bot, ana } = scene;
    const { thread, session, other } = await offered();
    expect(await told(discord.press(ana, lastIn(thread), 'decline'))).toContain('nothing changes');
    const after = await bot.session(session);
    expect(after.characterId).not.toBe(other);
    expect(after.offeredCharacterId).toBeUndefined();
  });

  it('that has been replaced by another is over', async () => {
    const { discord, bot, ana } = scene;
    const { thread, session, other } = await offered();
    const newer = bot.services.bank.all[12]?.id ?? expect.fail('no such character');
    await bot.services.store.sessions.update(session, { offeredCharacterId: newer });
    expect(await told(discord.press(ana, lastIn(thread), 'take'))).toContain('no other character on offer');
    expect([other, newer]).not.toContain((await bot.session(session)).characterId);
  });

  it('is the owner’s or a moderator’s to take', async () => {
    const { discord, bot, ben, mod } = scene;
    const { thread, session, other } = await offered();
    discord.say(ben, thread, 'Let me!');
    const reply = shownIn(thread).at(-2) ?? expect.fail('no reply');
    expect(await told(discord.press(ben, reply, 'take'))).toContain('Only whoever began');
    await told(discord.press(mod, reply, 'take'));
    expect((await bot.session(session)).characterId).toBe(other);
  });
});

describe('buttons that mean nothing any more', () => {
  it.each(['0~stop~t1~1~abc', 'someone-elses-button', '1~stop~t1'])('answer politely: %s', async (id) => {
    const { discord, ana } = scene;
    const { thread } = await conversation();
    discord.world.anyMessage(lastIn(thread).id)?.components.push({
      type: 1,
      components: [{ type: 2, style: ButtonStyle.Secondary, label: 'Old', custom_id: id }],
    });
    const answer = await discord.answered(discord.press(ana, lastIn(thread), 'Old'));
    expect(answer.ephemeralFor).toBe(ana.id);
    expect(answer.text).toContain('earlier version');
  });
});

describe('the forms of somebody else’s conversation', () => {
  it('are not taken', async () => {
    const { discord, bot, ana, ben, channel } = scene;
    const asked = discord.slash(ana, channel, 'chat', { message: 'Hello', private: true });
    const mine = sessionId(`discord:user:${ana.id}:${channel.id}`);
    await discord.until(() =>
      discord.interaction(asked).original?.buttons.some(({ emoji }) => emoji === '🔄'),
    );
    await bot.settled(mine);
    const theirs = discord.slash(ben, channel, 'chat', { message: 'Hi', private: true });
    await discord.until(() =>
      discord.interaction(theirs).original?.buttons.some(({ emoji }) => emoji === '🔄'),
    );
    const forged = discord.interaction(theirs).original ?? expect.fail('no answer');
    const record = discord.world.anyMessage(forged.id) ?? expect.fail('no message');
    record.components.push({
      type: 1,
      components: [
        {
          type: 2,
          style: ButtonStyle.Primary,
          label: 'Forged',
          custom_id: componentId({ do: 'write', session: `u${ana.id}.${channel.id}` }),
        },
      ],
    });
    const form = discord.press(ben, forged, 'Forged');
    await discord.modal(form);
    const sent = discord.submitModal(form, { message: 'I am Ana.' });
    expect((await discord.answered(sent)).text).toContain('not your conversation');
    expect((await bot.transcript(mine)).filter(({ role }) => role === 'seeker')).toHaveLength(1);
    expect((await bot.services.store.people.profile(personId(`discord:${ben.id}`)))?.paused ?? false).toBe(
      false,
    );
  });
});
