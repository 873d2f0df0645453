import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jurisdictions, laws, soonest } from '../../config/law.js';
import { ageOf, ageTyped, isMinor } from '../../src/care/age.js';
import { readCareCounts } from '../../src/care/counts.js';
import { dutiesTowards } from '../../src/care/duties.js';
import { stateAge } from '../../src/care/state-age.js';
import { readPersona, savePersona } from '../../src/commands/persona.js';
import { erasePerson, exportPerson } from '../../src/commands/privacy.js';
import { type CommandSetting, openSetting } from '../commands/setting.js';
import { says } from '../session/scripted-model.js';
import { ada, say, talk, World } from '../session/world.js';

const hour = 3_600_000;
const year = 365.25 * 24 * hour;
const rule = (jurisdiction: (typeof jurisdictions)[number], disclosureEveryHours = 0) => ({
  jurisdiction,
  disclosureEveryHours,
});

describe('what a law asks for', () => {
  it.each([
    ['california', 0, 3, true],
    ['new-york', 3, 3, false],
    ['washington', 3, 1, false],
    ['oregon', 0, 1, true],
    ['eu', 0, 0, false],
    ['strictest', 3, 1, true],
  ] as const)('%s reminds after %i hours, minors after %i', (name, adults, minors, breaks) => {
    expect(dutiesTowards(rule(name), false)).toEqual({ remindHours: adults, suggestsBreak: false });
    expect(dutiesTowards(rule(name), true)).toEqual({ remindHours: minors, suggestsBreak: breaks });
  });

  it('is asked for more often, never less, by the operator', () => {
    expect(dutiesTowards(rule('strictest', 2), false).remindHours).toBe(2);
    expect(dutiesTowards(rule('strictest', 9), false).remindHours).toBe(3);
    expect(dutiesTowards(rule('eu', 9), false).remindHours).toBe(9);
    expect(soonest([0, 0])).toBe(0);
  });

  it('names where its text is', () => {
    for (const name of jurisdictions)
      if (name !== 'strictest') expect(laws[name].source).toMatch(/^https:\/\//);
  });
});

describe('an age', () => {
  it.each([
    ['16', 16],
    [' I am 16 ', 16],
    ['18+', 18],
    ['sixteen', null],
    ['16 or 17', null],
    ['0', null],
    ['999', null],
  ])('typed as %j is %j', (typed, years) => expect(ageTyped(typed)).toBe(years));

  it('grows with the years, and is not guessed', () => {
    const profile = { persona: { facts: ['I am 15'], age: 16 }, ageAt: 0 };
    expect([ageOf(profile, year - 1), ageOf(profile, year * 2)]).toEqual([16, 18]);
    expect([isMinor(profile, year), isMinor(profile, 2 * year)]).toEqual([true, false]);
    expect(ageOf({ persona: { facts: ['I am 15'] } }, 0)).toBeNull();
    expect(isMinor(null, 0)).toBe(false);
  });
});

describe('in a conversation', () => {
  let setting: CommandSetting;
  beforeEach(async () => {
    setting = await openSetting();
  });
  afterEach(() => setting.dispose());

  const notices = async (): Promise<string[]> =>
    (await setting.world.transcript()).filter(({ role }) => role === 'notice').map(({ text }) => text);
  const counted = async (): Promise<Record<string, number>> => {
    const now = new Date(setting.clock.now());
    const counts = await readCareCounts(setting.world.store, now.getUTCFullYear());
    const month = counts.get(now.toISOString().slice(0, 7)) ?? {};
    return Object.fromEntries(Object.entries(month).filter(([, count]) => count > 0));
  };

  it('everybody is told once a period that this is an AI, before the character speaks, and it is counted', async () => {
    const { world, clock } = setting;
    await world.tell('hello');
    clock.pass(3 * hour - 60_000);
    await world.tell('still here');
    expect(await notices()).toHaveLength(1);
    clock.pass(60_001);
    const shown = await world.tell('and still');
    await world.tell('yes');
    expect(await notices()).toHaveLength(2);
    expect(shown).toMatch(/^[^\n]+ is an AI character/);
    expect((await notices())[1]).not.toContain(say('care.break'));
    expect(await counted()).toEqual({ reminder: 1 });
    // Another process on the same store knows when they were told.
    const { config, logger } = setting.services;
    const again = new World(world.store, { services: { config, logger, clock } });
    await again.tell('after a restart');
    expect(await notices()).toHaveLength(2);
    clock.pass(3 * hour + 1);
    await again.tell('three hours later');
    expect(await notices()).toHaveLength(3);
    await again.sessions.close(0);
  });

  it('somebody under 18 is told every hour, with a break, and the model is told to be decent', async () => {
    const { world, clock } = setting;
    await world.tell('!age 15');
    expect(await notices()).toEqual([expect.stringMatching(/you are 15\. .*under 18.*Every hour/s)]);
    await world.tell('hello');
    expect(world.model.prompt).toMatch(/somebody under 18 may read this/);
    expect(world.model.prompt).not.toContain('15');
    clock.pass(hour + 1);
    await world.tell('still here');
    expect((await notices()).at(-1)).toContain(say('care.break'));
    await world.tell('!age off');
    await world.tell('hello again');
    expect(world.model.prompt).not.toMatch(/under 18/);
  });

  it('an alarm and its helplines are counted, without words and without a person', async () => {
    const { world } = setting;
    await world.tell('I want to kill myself');
    const counts = await counted();
    expect(counts).toEqual({ 'alarm:ideation:suicide': 1, 'helplines:alarm': 1 });
    await erasePerson(setting.services, ada);
    expect(await counted()).toEqual(counts);
  });

  it('what a model was kept from saying to a minor is counted by its kind', async () => {
    const { world } = setting;
    await world.tell('!age 15');
    world.model.next(says('You look sexy today.'), says('How was your day?'));
    expect(await world.tell('hello')).not.toContain('sexy');
    expect(await counted()).toEqual({ 'withheld:minors': 1 });
  });

  it('!safety shows the protocol with the helplines of where they are', async () => {
    const { world } = setting;
    await world.tell('!country Ireland');
    await world.tell('!safety');
    const shown = (await notices()).at(-1) ?? '';
    for (const key of ['ai', 'watched', 'happens', 'said', 'reminders', 'minors', 'help', 'human', 'data'])
      expect(shown).toContain(say(`safety.${key}.title`));
    expect(shown).toMatch(/Samaritans/);
    expect(shown).toContain('112');
    expect(shown).toMatch(/again every 3 hours.*again every hour/s);
    expect(await counted()).toEqual({ 'helplines:asked': 1 });
  });

  it('an age is kept with the person, exported, and erased with them', async () => {
    const { services, clock } = setting;
    expect(await stateAge(services, ada, '')).toBe(say('care.age.unknown'));
    expect(await stateAge(services, ada, 'old')).toBe(say('care.age.unclear', { typed: 'old' }));
    await stateAge(services, ada, '17');
    await savePersona(services, ada, { facts: ['I like tea'] });
    expect(await readPersona(services, ada)).toEqual({ facts: ['I like tea'], age: 17 });
    expect(JSON.parse((await exportPerson(services, ada)).json.text)).toMatchObject({
      profile: { persona: { age: 17 }, ageAt: expect.any(Number) },
    });
    clock.pass(1.1 * year);
    expect(await stateAge(services, ada, '')).toBe(say('care.age.known', { years: 18 }));
    await savePersona(services, ada, { facts: [], age: '' });
    expect(await readPersona(services, ada)).toEqual({ facts: [] });
    await stateAge(services, ada, '17');
    await erasePerson(services, ada);
    expect(await services.store.people.profile(ada)).toBeNull();
  });

  it('in a thread an age is noted, and a minor is looked after, but nobody’s age is told there', async () => {
    const { world } = setting;
    await world.tell('!age 15', { shared: true });
    await world.tell('!age', { shared: true });
    expect((await notices()).at(-1)).toBe(say('memory.notHere'));
    await world.tell('hello', { shared: true });
    expect(world.model.prompt).toMatch(/somebody under 18 may read this/);
    expect(await world.session(talk)).toMatchObject({ shared: true });
  });
});
