import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  begunConversations,
  openConversation,
  removeConversation,
  resetConversation,
  switchCharacter,
  takeOffer,
} from '../../src/commands/conversation.js';
import { meetCharacter } from '../../src/commands/meet-character.js';
import { personId, sessionId } from '../../src/ids.js';
import { saveProfile } from '../doubles/save-profile.js';
import { waits } from '../session/scripted-model.js';
import { ada, bank, gate, say, talk } from '../session/world.js';
import { type CommandSetting, openSetting } from './setting.js';

const ben = personId('discord:ben');
let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting();
});
afterEach(() => setting.dispose());

const character = (id: string) => {
  const found = bank.get(id);
  if (!found) throw new Error(`the bank has no ${id}`);
  return found;
};
const maren = character('maren-voss');
const rin = character('rin-asakura');
const open = (change: Partial<Parameters<typeof openConversation>[1]> = {}) =>
  openConversation(setting.services, {
    id: talk,
    platform: 'discord',
    owner: ada,
    character: maren,
    address: { platform: 'discord', channel: 'dm' },
    shared: false,
    ...change,
  });

describe('the list of conversations (F.2)', () => {
  it('leaves out what was opened and left, and counts its pages without them', async () => {
    const listed = async (limit: number, offset: number) =>
      (await begunConversations(setting.services, ada, { limit, offset })).map(({ id }) => id);
    for (const n of [1, 2, 3]) await open({ id: sessionId(`discord:left-${n}`) });
    await open();
    expect(await listed(5, 0)).toEqual([]);
    await setting.world.tell('hello');
    const second = sessionId('discord:second');
    await open({ id: second });
    setting.clock.pass(60_000);
    await setting.world.tell('hello', { sessionId: second });
    expect(await listed(5, 0)).toEqual([second, talk]);
    expect(await listed(1, 1)).toEqual([talk]);
  });
});

describe('opening a conversation', () => {
  it('begins with the disclosure and the greeting, once', async () => {
    const { session, opening } = await open();
    expect(opening.map(({ role, text }) => [role, text])).toEqual([
      ['notice', say('disclosure', { name: 'Maren' })],
      ['supporter', maren.greeting],
    ]);
    expect(session).toMatchObject({ characterId: 'maren-voss', disclosed: true, ownerId: ada });
    expect(session.matchReasons).toEqual([
      { facet: 'chosen', score: 1, text: say('match.chosen', { name: 'Maren' }) },
    ]);
    expect(await setting.world.transcript()).toEqual(opening);
    expect(await open({ character: rin })).toEqual({ session, opening: [] });
    expect(await setting.world.tell('hello')).toBe('I hear you. Tell me more.');
  });

  it('begins anew where asked, with nothing of the old one', async () => {
    await open();
    await setting.world.tell('an old secret');
    const { session, opening } = await open({ character: rin, anew: true });
    expect(session).toMatchObject({ characterId: 'rin-asakura', turnCount: 0 });
    expect(await setting.world.transcript()).toEqual(opening);
  });

  it('ten processes that open it at once open one', async () => {
    const opened = await Promise.all(Array.from({ length: 10 }, () => open()));
    expect(opened.filter(({ opening }) => opening.length > 0)).toHaveLength(1);
    expect(await setting.world.transcript()).toHaveLength(2);
  });

  it('answers a crisis in the persona, except where others read along', async () => {
    const persona = { facts: [], worry: 'I want to kill myself' };
    await saveProfile(setting.services.store, {
      ...{ personId: ada, persona, createdAt: 1, updatedAt: 1, paused: false },
    });
    const { opening } = await open({ firstLine: '' });
    expect(opening.map(({ role }) => role)).toEqual(['notice', 'notice']);
    expect(opening[1]?.text).toContain('findahelpline.com');
    const thread = await open({ id: sessionId('discord:thread:1'), shared: true, firstLine: '' });
    expect(thread.opening).toHaveLength(1);
  });
});

describe('who speaks', () => {
  it('another character takes over from the next reply on', async () => {
    const { world, services } = setting;
    expect(await switchCharacter(services, talk, 'rin-asakura')).toBeNull();
    await open();
    await services.store.sessions.update(talk, { offeredCharacterId: 'danny-okafor-reid' });
    const switched = await switchCharacter(services, talk, 'rin-asakura');
    expect(switched?.character).toBe(rin);
    expect(switched?.session.offeredCharacterId).toBeUndefined();
    await world.tell('hello');
    expect((await world.transcript()).at(-1)?.speakerName).toBe(rin.shortName ?? rin.name);
    await expect(switchCharacter(services, talk, 'nobody')).rejects.toMatchObject({
      code: 'RAPPORT_E_CHARACTER_UNKNOWN',
    });
  });

  it('a chosen character introduces themselves where a conversation goes on, and knows that they did', async () => {
    const { world, services } = setting;
    const wanted = {
      id: talk,
      platform: 'discord',
      owner: ada,
      address: { platform: 'discord', channel: 'dm' },
      shared: false,
    } as const;
    const reasons = [{ facet: 'experience', score: 1, text: 'Rin knows it.' }];
    expect((await meetCharacter(services, { ...wanted, character: maren })).opening).toHaveLength(2);
    await world.tell('hello');
    const met = await meetCharacter(services, { ...wanted, character: rin, reasons });
    expect(met).toMatchObject({ takenOver: true, session: { matchReasons: reasons } });
    expect(met.opening.map(({ role, text }) => [role, text])).toEqual([
      ['notice', say('disclosure', { name: rin.shortName ?? rin.name })],
      ['supporter', rin.greeting],
    ]);
    const lines = await world.lines();
    expect(lines.slice(-2)).toEqual(met.opening.map(({ role, text }) => `${role}: ${text}`));
    expect(lines).toContain('seeker: hello');
    const again = await meetCharacter(services, { ...wanted, character: rin });
    expect(again.opening).toEqual([]);
    await world.again();
    expect(await world.lines()).toContain(`supporter: ${rin.greeting}`);
    await world.tell('nice to meet you');
    expect(world.model.prompt).toContain(rin.greeting);
    expect(await services.store.recoverable()).toEqual([]);
  });

  it('while a reply is being written the character is introduced all the same, and the reply is kept', async () => {
    const { world, services } = setting;
    await open();
    const held = gate();
    world.model.next(waits('A long stor', held.opened));
    await world.post('tell me a story');
    await world.model.asked(1);
    const { opening } = await meetCharacter(services, {
      id: talk,
      platform: 'discord',
      owner: ada,
      character: rin,
      address: { platform: 'discord', channel: 'dm' },
      shared: false,
    });
    expect(opening).toHaveLength(2);
    held.open();
    await world.sessions.settled(talk);
    expect((await world.session()).characterId).toBe('rin-asakura');
    expect(await world.lines()).toContain('seeker: tell me a story');
  });

  it('takes an offer or declines it; a second press takes nothing', async () => {
    const { services } = setting;
    expect(await takeOffer(services, talk, true)).toBeNull();
    await open();
    await services.store.sessions.update(talk, { offeredCharacterId: 'rin-asakura' });
    const declined = await takeOffer(services, talk, false);
    expect(declined).toMatchObject({ taken: null, session: { characterId: 'maren-voss' } });
    await services.store.sessions.update(talk, { offeredCharacterId: 'rin-asakura' });
    expect(await takeOffer(services, talk, true)).toMatchObject({
      taken: { id: 'rin-asakura' },
      session: { characterId: 'rin-asakura' },
    });
    expect(await takeOffer(services, talk, true)).toMatchObject({ taken: null });
    expect(setting.world.seen.filter(({ type }) => type === 'session')).toHaveLength(3);
  });
});

describe('reset', () => {
  it('stops the reply that is being written and leaves nothing; the next message is answered afresh', async () => {
    const { world, services } = setting;
    expect(await resetConversation(services, talk, { person: ada })).toBe('gone');
    await open();
    const held = gate();
    world.model.next(waits('A long stor', held.opened));
    await world.post('tell me a story');
    await world.model.asked(1);
    expect(await resetConversation(services, talk, { person: ada })).toBe('reset');
    await world.sessions.settled(talk);
    expect(world.model.aborted).toBe(1);
    expect(await services.store.sessions.get(talk)).toBeNull();
    expect(await world.transcript()).toEqual([]);
    expect(await services.store.recoverable()).toEqual([]);
    held.open();
    const shown = world.platform.messages.length;
    await world.tell('hello again', { characterId: 'maren-voss' });
    // The platform drops a post under a nonce it knows: the first message of the new conversation needs one of its own.
    expect(world.platform.messages).toHaveLength(shown + 1);
    expect(world.platform.visible.at(-1)).toContain('I hear you. Tell me more.');
    expect((await world.session()).turnCount).toBe(1);
  });

  describe.each(['discord', 'slack', 'web', 'terminal', 'openai-api'] as const)('on %s', (platform) => {
    const id = sessionId(`${platform}:here`);
    const [owner, moderates] = [{ person: ada }, async () => true];
    it.each([
      ['is its owner’s', { shared: false, by: owner }, 'reset'],
      ['is nobody else’s', { shared: false, by: { person: ben } }, 'refused'],
      [
        'in private is nobody else’s, whoever moderates',
        { shared: false, by: { person: ben, moderates } },
        'refused',
      ],
      ['where others read along is its owner’s', { shared: true, by: owner }, 'reset'],
      ['where others read along is a moderator’s', { shared: true, by: { person: ben, moderates } }, 'reset'],
      [
        'where others read along is not for who only takes part',
        { shared: true, by: { person: ben } },
        'refused',
      ],
    ] as const)('%s', async (_whose, { shared, by }, outcome) => {
      const { services } = setting;
      await open({ id, platform, shared, address: { platform, channel: 'here' } });
      expect(await resetConversation(services, id, by)).toBe(outcome);
      const left = await services.store.sessions.get(id);
      expect(left?.characterId).toBe(outcome === 'refused' ? 'maren-voss' : undefined);
    });
  });

  it('asks for no moderator where the owner asks or nothing is there', async () => {
    const by = {
      person: ada,
      moderates: () => {
        throw new Error('looked up');
      },
    };
    expect(await resetConversation(setting.services, talk, by)).toBe('gone');
    await open({ shared: true });
    expect(await resetConversation(setting.services, talk, by)).toBe('reset');
  });

  it('needs nobody where the place itself is gone', async () => {
    expect(await removeConversation(setting.services, talk)).toBe(false);
    await open();
    expect(await removeConversation(setting.services, talk)).toBe(true);
    expect(await setting.services.store.sessions.get(talk)).toBeNull();
  });
});
