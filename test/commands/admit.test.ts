import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Arrival, admit, type Rules, refusalError, ruleOfPlace } from '../../src/commands/admit.js';
import { pausePerson } from '../../src/commands/privacy.js';
import { saveSettings } from '../../src/commands/settings.js';
import { personId, sessionId } from '../../src/ids.js';
import type { InboundMessage } from '../../src/state/session.js';
import { ada, say, talk } from '../session/world.js';
import { arrival, type CommandSetting, openSetting } from './setting.js';

let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting(({ server }) => ({ server: { ...server, maxMessageChars: 200 } }));
});
afterEach(() => setting.dispose());

const community = 'discord:g1';
const here: Rules = { community, channels: ['c1', 'parent'] };
const ben = personId('discord:ben');
const cry = 'i want to die';
const help = '988';
const long = 'x'.repeat(201);

const come = (change: Partial<Arrival> = {}) => admit(setting.services, arrival({ rules: here, ...change }));
const answered = async (): Promise<string> => {
  await setting.world.sessions.settled(talk);
  return setting.world.platform.visible.at(-1) ?? '';
};
const set = (settings: Parameters<typeof saveSettings>[2]): Promise<unknown> =>
  saveSettings(setting.services, community, settings);
const pause = (): Promise<unknown> => pausePerson(setting.services, ada, true);
const useUp = async (): Promise<void> => {
  await set({ dailyReplies: 1 });
  await come();
};
const ofBen = (): Promise<void> => setting.world.open('maren-voss', { ownerId: ben, shared: true });

/** How a message is kept from the characters, and what it takes. */
const rules = {
  channel: { given: () => set({ allowedChannels: ['elsewhere'] }), text: 'hello' },
  paused: { given: pause, text: 'hello' },
  'too-long': { given: async () => undefined, text: long },
  lead: { given: ofBen, text: '!topic! music' },
  allowance: { given: useUp, text: 'hello' },
} as const;
const kinds = Object.keys(rules) as (keyof typeof rules)[];
/** What keeps also who is in danger from a turn. The others let them through to be answered by care there. */
const firm = ['channel', 'paused', 'too-long'] as const;

describe('a message', () => {
  it('is recorded and answered where nothing is against it, once', async () => {
    const message = arrival();
    expect(await admit(setting.services, message)).toEqual({ outcome: 'recorded', sessionId: talk });
    expect(await answered()).toContain('I hear you');
    expect(await admit(setting.services, message)).toEqual({ outcome: 'duplicate', sessionId: talk });
  });

  it('is handed over as it was read, by whom the platform names', async () => {
    const taken: InboundMessage[] = [];
    const read = arrival({ typed: '<@1> hello', read: async () => 'hello, with a file' });
    const outcome = await admit(setting.services, read, async (message) => {
      taken.push(message);
      return 'recorded';
    });
    expect(outcome).toMatchObject({ outcome: 'recorded' });
    expect(taken).toEqual([
      expect.objectContaining({
        text: 'hello, with a file',
        personId: ada,
        sessionId: talk,
        kind: 'message',
      }),
    ]);
  });

  it('that says nothing, or has gone meanwhile, is no message', async () => {
    expect(await come({ read: async () => null })).toEqual({ outcome: 'nothing' });
    expect(await come({ open: async () => null })).toEqual({ outcome: 'nothing' });
    expect(await setting.services.store.inbox.count(talk)).toBe(0);
  });

  it('of another program is heard only where the administrators want it, and is no cry for help', async () => {
    expect(await come({ isBot: true, typed: cry })).toEqual({ outcome: 'ignored' });
    await set({ allowBots: true, allowedChannels: ['elsewhere'] });
    expect(await come({ isBot: true, typed: cry })).toMatchObject({ care: null, rule: { kind: 'channel' } });
    await set({ allowedChannels: [] });
    expect(await come({ isBot: true })).toMatchObject({ outcome: 'recorded' });
  });
});

describe.each(kinds)('the rule: %s', (kind) => {
  const { given, text } = rules[kind];

  it('keeps a message out, of which nothing is kept, and opens no place for it', async () => {
    await given();
    await answered();
    const opened: string[] = [];
    const refused = await come({ typed: text, open: async () => void opened.push('opened') as never });
    expect(refused).toMatchObject({ outcome: 'refused', rule: { kind }, care: null, again: false });
    expect(refused).toMatchObject({ notice: expect.stringMatching(/\w/) });
    expect(opened).toEqual([]);
    expect(await setting.services.store.inbox.count(talk)).toBe(0);
  });

  it('is worded by the platform', async () => {
    await given();
    const refused = await come({ typed: text, words: (rule) => `no: ${rule.kind}` });
    expect(refused).toMatchObject({
      notice: kind === 'allowance' ? expect.stringContaining('replies for today') : `no: ${kind}`,
    });
  });

  it('does not keep help from somebody in danger', async () => {
    await given();
    await answered();
    const danger = kind === 'too-long' ? `${cry} ${long}` : kind === 'lead' ? `!topic! ${cry}` : cry;
    for (let n = 0; n < 2; n += 1) {
      const admitted = await come({ typed: danger });
      if (firm.some((one) => one === kind))
        expect(admitted).toMatchObject({
          outcome: 'refused',
          care: { kind: 'suicide' },
          notice: expect.stringMatching(new RegExp(`^[^]*${help}[^]*\n\n[^]+$`)),
          private: true,
          again: false,
        });
      else {
        expect(admitted).toMatchObject({ outcome: 'recorded' });
        expect(await answered()).toContain(help);
      }
    }
    expect((await setting.services.store.sessions.get(talk))?.steering.sticky ?? null).toBeNull();
  });
});

describe('a refusal', () => {
  it.each([
    ['channel', true],
    ['paused', true],
    ['too-long', false],
    ['lead', false],
    ['allowance', false],
  ] as const)('for the rule %s is private: %s', async (kind, isPrivate) => {
    await rules[kind].given();
    expect(await come({ typed: rules[kind].text })).toMatchObject({ private: isPrivate });
  });

  it.each(['paused', 'allowance'] as const)('for the rule %s is told once', async (kind) => {
    await rules[kind].given();
    expect(await come()).toMatchObject({ again: false });
    expect(await come()).toMatchObject({ again: true });
    setting.clock.pass(25 * 3_600_000);
    if (kind === 'paused') expect(await come()).toMatchObject({ again: false });
  });

  it('is an error for faces that answer with errors where the message is too long, unless it calls for help', async () => {
    const refused = async (typed: string) => {
      const admission = await come({ typed, rules: null });
      return admission.outcome === 'refused' ? refusalError(admission) : expect.fail('it was taken');
    };
    expect(await refused(long)).toMatchObject({ code: 'RAPPORT_E_INPUT_TOO_LARGE' });
    expect(await refused(`${cry} ${long}`)).toBeNull();
    await pause();
    expect(await refused('hello')).toBeNull();
  });

  it('comes too where a person pauses while their message is on its way', async () => {
    const admission = await admit(setting.services, arrival(), async () => 'paused');
    expect(admission).toMatchObject({ outcome: 'refused', notice: say('session.paused'), private: true });
  });
});

describe('the rules of a place', () => {
  it('hold in its threads, and not where no administrator decides', async () => {
    await set({ allowedChannels: ['parent'] });
    expect(await ruleOfPlace(setting.services, here)).toBeNull();
    await set({ allowedChannels: ['elsewhere'] });
    expect(await ruleOfPlace(setting.services, here)).toEqual({ kind: 'channel', allowed: ['elsewhere'] });
    expect(await ruleOfPlace(setting.services, { community, channels: [] })).toBeNull();
    expect(await come({ rules: null })).toMatchObject({ outcome: 'recorded' });
  });

  it('keep nobody from asking for a human being, and nothing else passes with it', async () => {
    await useUp();
    expect(await come({ typed: '!human' })).toMatchObject({ outcome: 'recorded' });
    expect(await come({ typed: 'hello\n!human' })).toMatchObject({ rule: { kind: 'allowance' } });
  });

  it('count replies on chat platforms alone', async () => {
    await useUp();
    expect(await come()).toMatchObject({ rule: { kind: 'allowance' } });
    expect(await come({ rules: null })).toMatchObject({ outcome: 'recorded' });
  });

  it('always let a cry for help through, and do not count it', async () => {
    await set({ dailyReplies: 1 });
    for (let n = 0; n < 3; n += 1) expect(await come({ typed: cry })).toMatchObject({ outcome: 'recorded' });
    expect(await come()).toMatchObject({ outcome: 'recorded' });
    expect(await come()).toMatchObject({ rule: { kind: 'allowance' } });
    expect(await come({ typed: cry })).toMatchObject({ outcome: 'recorded' });
  });
});

describe('leading a conversation', () => {
  const other = 'socrates';
  const yes = (): boolean => true;
  it.each([
    ['its owner, by a code', { person: ben, typed: '!topic music' }, 'recorded'],
    ['its owner, to another character', { person: ben, characterId: other }, 'recorded'],
    ['a moderator, by a code', { typed: '!topic music', moderates: yes }, 'recorded'],
    ['a moderator, to another character', { characterId: other, moderates: async () => yes() }, 'recorded'],
    ['somebody else, by a code', { typed: '!topic music' }, 'refused'],
    ['somebody else, by !switch', { typed: '!switch' }, 'refused'],
    ['somebody else, to another character', { characterId: other }, 'refused'],
    ['somebody else who asks for the character that speaks', { characterId: 'maren-voss' }, 'recorded'],
    ['somebody else who asks what can be led to', { typed: '!topic' }, 'recorded'],
    ['somebody else who only talks', { typed: 'hello' }, 'recorded'],
  ] as const)('is asked of %s', async (_who, change, outcome) => {
    await ofBen();
    expect(await come(change)).toMatchObject({ outcome });
    await answered();
    const { characterId } = await setting.world.session();
    const led = outcome === 'recorded' && 'characterId' in change && change.characterId === other;
    expect(characterId).toBe(led ? other : 'maren-voss');
  });

  it('in private is its owner’s alone, whoever moderates', async () => {
    await setting.world.open('maren-voss', { ownerId: ben });
    expect(await come({ typed: '!topic music', moderates: () => true })).toMatchObject({
      rule: { kind: 'lead' },
    });
  });

  it('is no question where none has begun, and nobody is looked up for it', async () => {
    const moderates = (): boolean => {
      throw new Error('looked up');
    };
    expect(await come({ typed: '!topic music', moderates })).toMatchObject({ outcome: 'recorded' });
    await answered();
    expect(await come({ typed: '!topic music', moderates })).toMatchObject({ outcome: 'recorded' });
  });
});

describe('a conversation that begins', () => {
  const begun = async (change: Partial<Arrival>): Promise<string> => {
    await come(change);
    await answered();
    return (await setting.world.session()).characterId;
  };

  it('is with the character that is asked for', async () => {
    await set({ defaultCharacterId: 'maren-voss' });
    expect(await begun({ characterId: 'socrates' })).toBe('socrates');
  });

  it('is else with the community’s own, which takes over none that goes on', async () => {
    await set({ defaultCharacterId: 'rin-asakura' });
    expect(await begun({})).toBe('rin-asakura');
    await set({ defaultCharacterId: 'socrates' });
    expect(await begun({})).toBe('rin-asakura');
  });

  it('is matched where that one has left the bank', async () => {
    await set({ defaultCharacterId: 'nobody-any-more' });
    expect(await begun({})).toMatch(/\w/);
  });

  it('says again that this is an AI where the community wants it said', async () => {
    await set({ disclosureEveryHours: 1 });
    const told = async (): Promise<number> => {
      await come();
      await answered();
      const { entries } = await setting.services.store.transcript.page(talk, { limit: 50 });
      return entries.filter(({ role }) => role === 'notice').length;
    };
    expect([await told(), await told()]).toEqual([1, 1]);
    setting.clock.pass(3_600_001);
    expect([await told(), await told()]).toEqual([2, 2]);
  });
});

it('care is asked with the conversation the message belongs to', async () => {
  const asked: unknown[] = [];
  const { services } = setting;
  const care: typeof services.care = {
    ...services.care,
    answer: async (texts, session) => {
      asked.push([texts, session]);
      return null;
    },
  };
  await admit({ ...services, care }, arrival({ session: sessionId('discord:thread:9') }));
  expect(asked).toEqual([[['hello'], 'discord:thread:9']]);
});

describe('a message of somebody in danger', () => {
  const other = 'socrates';
  const hour = 3_600_000;

  it('begins with the character they chose, which speaks from the next reply on', async () => {
    await come({ typed: cry, characterId: other });
    expect(await answered()).toContain(help);
    expect(await setting.world.session()).toMatchObject({ characterId: other, disclosed: false });
    await come();
    expect(await answered()).toContain('I hear you');
    expect((await setting.world.transcript()).at(-1)?.speakerName).toBe('Socrates');
  });

  it('begins with the default character of the place where none was chosen, and with none that has gone', async () => {
    await set({ defaultCharacterId: other });
    await come({ typed: cry });
    await answered();
    expect((await setting.world.session()).characterId).toBe(other);
    await setting.services.store.sessions.remove(talk);
    await come({ typed: cry, characterId: 'long-gone' });
    await answered();
    expect((await setting.world.session()).characterId).toBe('');
  });

  it('hands a conversation that is theirs to the character they chose, and no other', async () => {
    await setting.world.open('maren-voss');
    await come({ typed: cry, characterId: other });
    await answered();
    expect((await setting.world.session()).characterId).toBe(other);
    await setting.services.store.sessions.remove(talk);
    await ofBen();
    await come({ typed: cry, characterId: other });
    expect(await answered()).toContain(help);
    expect((await setting.world.session()).characterId).toBe('maren-voss');
  });

  it('keeps a disclosure that is due for the next reply', async () => {
    await set({ disclosureEveryHours: 3 });
    await setting.world.open('maren-voss', { disclosedAt: setting.clock.now() });
    setting.clock.pass(4 * hour);
    await come({ typed: cry });
    await answered();
    expect((await setting.world.session()).disclosed).toBe(false);
    await set({ disclosureEveryHours: 0 });
    await come();
    expect(await answered()).toContain(say('disclosure', { name: 'Maren' }));
  });

  it('is found in what was written just before it and not answered', async () => {
    expect(await come({ typed: 'are you there?', writtenBefore: [cry] })).toMatchObject({
      outcome: 'recorded',
    });
    expect(await answered()).toContain(help);
  });

  it('is answered with the helplines of where the platform says they are', async () => {
    await come({ typed: cry, whereabouts: { locale: 'en-US', timeZone: 'Europe/Dublin' } });
    const shown = await answered();
    expect(shown).toContain('116 123');
    expect(shown).not.toContain('!country');
  });
});
