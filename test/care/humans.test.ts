import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Humans, type HumansOptions, type HumansPlace } from '../../src/care/humans.js';
import { erasePerson, exportPerson } from '../../src/commands/privacy.js';
import { personId } from '../../src/ids.js';
import type { Alert } from '../../src/state/alert.js';
import type { Store } from '../../src/state/store.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { MovableClock } from '../commands/setting.js';
import { ada, say, talk, temporaryStore, World } from '../session/world.js';

const night: HumansPlace = { discord: '100000000000000001', role: '100000000000000002' };
const day: HumansPlace = { webhook: 'https://example.org/alert' };
const minute = 60_000;

let store: Store;
let dispose: () => Promise<void>;
let clock: MovableClock;
/** Who was told what, in order. */
let told: { readonly place: HumansPlace; readonly alert: Alert; readonly text: string }[];
/** What the person was told beside their turns. */
let informed: string[];
/** Places that cannot be told. */
let broken: Set<HumansPlace>;
let answers: 'told' | 'taken';
beforeEach(async () => {
  clock = new MovableClock();
  ({ store, dispose } = await temporaryStore(clock));
  told = [];
  informed = [];
  broken = new Set();
  answers = 'told';
});
afterEach(() => dispose());

function humans(config: Partial<HumansOptions['config']> = {}, reaches = true): Humans {
  return new Humans({
    config: { to: [night, day], note: false, escalateMinutes: 10, ...config },
    store,
    say,
    clock,
    logger: silentLogger,
    tell: async (place, alert) => {
      if (broken.has(place)) throw new Error('gone');
      told.push({ place, alert, text: alert.text('Ada') });
      return answers;
    },
    reaches: () => reaches,
    inform: async (_, text) => void informed.push(text),
  });
}

const asking = {
  person: ada,
  session: talk,
  address: { platform: 'discord', channel: 'dm' },
  name: 'Ada',
  note: '',
} as const;

describe('somebody who asks for a human being', () => {
  it('is told of once, with what the alarm was about and none of their words', async () => {
    const team = humans();
    expect(await team.ask({ ...asking, note: 'I have the pills here', about: 'suicide' })).toBe(
      say('care.human.told'),
    );
    expect(await team.ask(asking)).toBe(say('care.human.already'));
    expect(told.map(({ place }) => place)).toEqual([night]);
    expect(told[0]?.text).toBe(
      'Ada would like to talk to a human being.\nThe last alarm there was about: suicide.',
    );
    expect(JSON.stringify(await exportPerson({ store, clock, say }, ada))).not.toContain('pills');
  });

  it('has what they write for it passed on where the operator wants that', async () => {
    expect(await humans({ note: true }).ask({ ...asking, note: 'mail me: ada@example.org' })).toBe(
      say('care.human.toldNote'),
    );
    expect(told[0]?.text).toBe(
      'Ada would like to talk to a human being.\nThey left this for you: mail me: ada@example.org',
    );
  });

  it('is told so where nobody could reach them, and how they can be reached', async () => {
    expect(await humans({}, false).ask(asking)).toBe(say('care.human.nobody'));
    expect(await humans({ note: true }, false).ask(asking)).toBe(say('care.human.sayHow'));
    expect(await humans({ to: [] }).ask(asking)).toBe(say('care.human.nobody'));
    expect(told).toEqual([]);
    expect(await humans({ note: true }, false).ask({ ...asking, note: 'call 1' })).toBe(
      say('care.human.toldNote'),
    );
  });

  it('is told of in the next place where one cannot be told, and that nobody could be where none can', async () => {
    broken.add(night);
    expect(await humans().ask(asking)).toBe(say('care.human.told'));
    expect(told.map(({ place }) => place)).toEqual([day]);
    broken.add(day);
    const bo = { ...asking, person: personId('discord:bo') };
    expect(await humans().ask(bo)).toBe(say('care.human.failed'));
    broken.clear();
    expect(await humans().ask(bo)).toBe(say('care.human.told'));
  });
});

describe('an alert that nobody takes', () => {
  it('goes to the next place after the time, twice round, whatever process looks', async () => {
    await humans().ask(asking);
    for (let round = 0; round < 6; round += 1) {
      clock.pass(9 * minute);
      await humans().sweep();
      clock.pass(minute);
      await Promise.all([humans().sweep(), humans().sweep()]);
    }
    expect(told.map(({ place }) => place)).toEqual([night, day, night, day]);
    expect(await humans().ask(asking)).toBe(say('care.human.told'));
  });

  it('is taken by one of those who were told; the person is told, and may ask again', async () => {
    await humans().ask(asking);
    const id = told[0]?.alert.id ?? '';
    expect(await humans().take(id, '999999999999999999')).toBe('gone');
    expect(await humans().take('77', night.discord)).toBe('gone');
    expect(await humans().take(id, night.discord)).toBe('taken');
    expect(await humans().take(id, night.discord)).toBe('before');
    expect(informed).toEqual([say('care.human.taken')]);
    clock.pass(60 * minute);
    await humans().sweep();
    expect(told).toHaveLength(1);
    expect(await humans().ask(asking)).toBe(say('care.human.told'));
  });

  it('is taken by a webhook that says so', async () => {
    answers = 'taken';
    expect(await humans({ to: [day] }).ask(asking)).toBe(say('care.human.taken'));
    clock.pass(60 * minute);
    await humans({ to: [day] }).sweep();
    expect(told).toHaveLength(1);
  });

  it('goes with the person who is erased', async () => {
    const w = new World(store);
    await humans().ask(asking);
    expect((await exportPerson({ store, clock, say }, ada)).json.text).toContain('askedForHuman');
    await erasePerson({ store, clock, sessions: w.sessions }, ada);
    expect((await exportPerson({ store, clock, say }, ada)).json.text).not.toContain('askedForHuman');
    clock.pass(60 * minute);
    await humans().sweep();
    expect(told).toHaveLength(1);
  });
});

describe('!human in a conversation', () => {
  it('is answered by the platform, without a model', async () => {
    const w = new World(store, { services: { humans: humans() } });
    expect(await w.tell('!human')).toBe(say('care.human.told'));
    expect(w.model.requests).toEqual([]);
    expect(told[0]?.alert).toMatchObject({ person: ada, name: 'Ada' });
  });

  it('is heard in the middle of a cry for help as well, behind where there is help', async () => {
    const w = new World(store, { services: { humans: humans() } });
    const shown = await w.tell('I want to kill myself\n!human');
    expect(shown).toContain('116 123');
    expect(shown.endsWith(say('care.human.told'))).toBe(true);
    expect(told[0]?.text).toContain('about: suicide');
    expect(told[0]?.text).not.toContain('kill');
  });

  it('tells nobody where nobody asks', async () => {
    const w = new World(store, { services: { humans: humans() } });
    await w.tell('I want to kill myself');
    await w.tell('a human would be nice');
    expect(told).toEqual([]);
  });

  it('says that there is nobody where there is nobody', async () => {
    expect(await new World(store).tell('!human')).toBe(say('care.human.nobody'));
  });
});
