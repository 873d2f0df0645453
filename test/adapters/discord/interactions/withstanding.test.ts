import { type APIInteraction, InteractionResponseType } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personId, sessionId } from '../../../../src/ids.js';
import type { Store } from '../../../../src/state/store.js';
import type { Interaction } from '../../../doubles/discord/people/interact.js';
import { gate } from '../../../session/world.js';
import { Bot } from './bot.js';
import { openScene, type Scene } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** The store, which answers no question about people, sessions or settings until it is opened. */
function stalled(store: Store, until: Promise<void>): Store {
  const late = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          await until;
          return value.apply(target, given) as unknown;
        };
      },
    });
  return {
    ...store,
    kind: store.kind,
    inbox: late(store.inbox),
    lease: store.lease,
    sessions: late(store.sessions),
    transcript: late(store.transcript),
    outbox: store.outbox,
    people: late(store.people),
    values: late(store.values),
    recoverable: () => store.recoverable(),
    health: () => store.health(),
    close: () => store.close(),
  };
}

describe('with a store that does not answer', () => {
  const commands: readonly (readonly [string, Readonly<Record<string, string | boolean | number>>])[] = [
    ['chat', { message: 'Hello' }],
    ['chat', { message: 'Hello', private: true }],
    ['character pick', { character: 'PICK' }],
    ['character gallery', {}],
    ['persona show', {}],
    ['memory list', {}],
    ['memory add', { fact: 'I bake' }],
    ['steer', { goal: 'music' }],
    ['style', {}],
    ['why', {}],
    ['reset', {}],
    ['privacy export', {}],
    ['privacy pause', {}],
    ['settings show', {}],
    ['help', {}],
  ];

  it('every command is acknowledged within 1 s, and done when the store is back', async () => {
    const { discord, mod, channel, store } = scene;
    await scene.bot.stop();
    const opened = gate();
    scene.bot = new Bot(discord, { store: stalled(store, opened.opened) });
    await scene.bot.start();
    const pick = scene.bot.services.bank.all[0]?.id ?? '';
    const asked: Interaction[] = commands.map(([command, options]) =>
      discord.slash(mod, channel, command, 'character' in options ? { character: pick } : options),
    );
    for (const [n, interaction] of asked.entries()) {
      const { type } = await discord.acknowledged(interaction);
      expect(type, commands[n]?.[0]).toBe(InteractionResponseType.DeferredChannelMessageWithSource);
      expect(discord.interaction(interaction).answeredAfterMs, commands[n]?.[0]).toBeLessThan(1_000);
    }
    opened.open();
    await Promise.all(asked.map((interaction) => discord.answered(interaction)));
    await scene.bot.settled();
  });

  it('forms and choices are given up in time, with words and without', async () => {
    const { discord, ana, channel, store } = scene;
    await scene.bot.stop();
    const opened = gate();
    scene.bot = new Bot(discord, { store: stalled(store, opened.opened) });
    await scene.bot.start();
    const match = discord.slash(ana, channel, 'match');
    const choices = discord.autocomplete(ana, channel, 'memory forget', {
      focused: 'fact',
      options: { fact: '' },
    });
    const told = await discord.answered(match);
    expect(told.ephemeralFor).toBe(ana.id);
    expect(told.text).toContain('store cannot be reached');
    expect(await choices).toEqual([]);
    opened.open();
  });
});

describe('what goes wrong', () => {
  it('inside is told without a stack, with a reference that the log has', async () => {
    const { discord, ana, channel, store } = scene;
    await scene.bot.stop();
    const broken = { ...store.people, memories: async () => Promise.reject(new Error('secret detail')) };
    scene.bot = new Bot(discord, { store: { ...stalled(store, Promise.resolve()), people: broken } });
    await scene.bot.start();
    const told = await discord.answered(discord.slash(ana, channel, 'memory list'));
    expect(told.ephemeralFor).toBe(ana.id);
    expect(told.text).not.toContain('secret');
    const reference = /reference ([\w-]+)/.exec(told.text)?.[1];
    expect(scene.bot.logged.some(({ fields }) => fields.reference === reference)).toBe(true);
    expect(
      await discord.autocomplete(ana, channel, 'memory forget', { focused: 'fact', options: { fact: '' } }),
    ).toEqual([]);
  });

  it('with a lost acknowledgement is tried once more, and nobody notices', async () => {
    const { discord, ana, channel } = scene;
    discord.faults.dropResponse({ path: '/callback' });
    expect((await discord.answered(discord.slash(ana, channel, 'help'))).text).toContain(
      'Talking to characters',
    );
    discord.faults.dropRequest({ path: '/callback' });
    expect((await discord.answered(discord.slash(ana, channel, 'help'))).text).toContain(
      'Talking to characters',
    );
  });

  it('with a failure of Discord itself is tried once more', async () => {
    const { discord, ana, channel } = scene;
    discord.faults.refuse({ method: 'PATCH', path: '/messages/%40original' }, { status: 502 });
    expect((await discord.answered(discord.slash(ana, channel, 'help'))).text).toContain(
      'Talking to characters',
    );
    discord.faults.dropResponse({ method: 'POST', path: '/threads' });
    const opener = await discord.answered(discord.slash(ana, channel, 'chat', { message: 'Hello' }));
    await discord.until(() =>
      discord.whatUsersSee(opener.id).some(({ text }) => text.includes('I hear you.')),
    );
    await scene.bot.settled(sessionId(`discord:thread:${opener.id}`));
  });

  it('with an interaction that is too old ends quietly', async () => {
    const { discord, ana, channel, bot } = scene;
    discord.faults.refuse({ path: '/callback' }, { status: 404, code: 10_062 });
    discord.slash(ana, channel, 'memory add', { fact: 'I bake' });
    await discord.until(() => bot.logged.some(({ fields }) => fields.why === 'expired'));
    await bot.settled();
    expect(await bot.services.store.people.memories(personId(`discord:${ana.id}`))).toEqual([]);
  });

  it('with an answer that Discord refuses is told', async () => {
    const { discord, ana, channel } = scene;
    discord.faults.refuse(
      { method: 'POST', path: '/threads' },
      { status: 403, code: 50_013, message: 'Missing Permissions' },
      2,
    );
    discord.faults.refuse(
      { method: 'POST', path: '/messages' },
      { status: 403, code: 50_013, message: 'Missing Permissions' },
    );
    const dm = discord.dm(ana);
    const { id } = scene.bot.services.bank.all[0] ?? expect.fail('no characters');
    const told = await discord.answered(discord.slash(ana, dm, 'character pick', { character: id }));
    expect(told.text).toContain('Missing Permissions');
    expect(await scene.bot.services.store.sessions.get(sessionId(`discord:dm:${dm.id}`))).toBeNull();
    expect(channel.id).not.toBe(dm.id);
  });
});

describe('two processes on one token', () => {
  it('answer an interaction once: the message is recorded once, other commands are done once', async () => {
    const { discord, ana, channel, store } = scene;
    const second = new Bot(discord, { store });
    await second.start();
    try {
      discord.slash(ana, channel, 'memory add', { fact: 'I bake' });
      const asked = discord.slash(ana, channel, 'chat', { message: 'Hello' });
      const opener = await discord.answered(asked);
      await Promise.all([scene.bot.settled(), second.settled()]);
      const session = sessionId(`discord:thread:${opener.id}`);
      await Promise.all([scene.bot.settled(session), second.settled(session)]);
      await discord.until(() =>
        discord.whatUsersSee(opener.id).some(({ text }) => text.includes('I hear you.')),
      );
      expect(scene.bot.model.requests.length + second.model.requests.length).toBe(1);
      expect(await store.people.memories(personId(`discord:${ana.id}`))).toHaveLength(1);
      expect(discord.whatUsersSee(channel).filter(({ threadId }) => threadId !== null)).toHaveLength(1);
    } finally {
      await second.stop();
    }
  });
});

describe('an interaction that Discord sends again', () => {
  /** What the bot was sent, once it has come. */
  const sent = async (interaction: Interaction): Promise<APIInteraction> =>
    scene.discord.until(() => scene.bot.received.find(({ id }) => id === interaction.id));

  it('changes nothing where it was finished', async () => {
    const { discord, bot, ana, channel, store } = scene;
    const asked = discord.slash(ana, channel, 'chat', { message: 'Hello' });
    const opener = await discord.answered(asked);
    const added = discord.slash(ana, channel, 'memory add', { fact: 'I bake' });
    await discord.answered(added);
    const session = sessionId(`discord:thread:${opener.id}`);
    await bot.settled(session);
    const before = discord.whatUsersSee(opener.id).length;
    for (const interaction of [asked, added]) await bot.interactions.handle(await sent(interaction));
    await bot.settled(session);
    expect(discord.whatUsersSee(opener.id)).toHaveLength(before);
    expect((await bot.session(session)).turnCount).toBe(1);
    expect(await store.people.memories(personId(`discord:${ana.id}`))).toHaveLength(1);
    expect(discord.whatUsersSee(channel).filter(({ threadId }) => threadId !== null)).toHaveLength(1);
  });

  it('is finished where a process died over it: in the thread that was made, and said once', async () => {
    const { discord, bot, ana, channel, store } = scene;
    const lost = discord.faults.hold({ method: 'PUT', path: '/thread-members/' });
    const asked = discord.slash(ana, channel, 'chat', { message: 'Hello' });
    await lost.reached;
    // The first process never gets further than this; the event is replayed to the next.
    const next = new Bot(discord, { store });
    try {
      const again = next.interactions.handle(await sent(asked));
      await discord.until(
        () => discord.requests.filter(({ path }) => path.includes('/thread-members/')).length === 2,
      );
      lost.release();
      await again;
      const opener = await discord.until(() =>
        discord.whatUsersSee(channel).find(({ threadId }) => threadId !== null),
      );
      const session = sessionId(`discord:thread:${opener.id}`);
      await Promise.all([bot.settled(session), next.settled(session)]);
      await discord.until(() =>
        discord.whatUsersSee(opener.id).some(({ text }) => text.includes('I hear you.')),
      );
      expect(bot.model.requests.length + next.model.requests.length).toBe(1);
      expect(discord.whatUsersSee(channel)).toHaveLength(1);
    } finally {
      await next.stop();
    }
  });
});
