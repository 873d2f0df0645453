import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MovableClock } from '../commands/setting.js';
import { type CommandSetting, openSetting } from '../commands/setting.js';
import { saveProfile } from '../doubles/save-profile.js';
import { ada } from '../session/world.js';

const dayMs = 86_400_000;
let setting: CommandSetting;
let clock: MovableClock;
beforeEach(async () => {
  setting = await openSetting();
  clock = setting.clock;
  clock.goTo(Date.UTC(2026, 4, 4, 22));
  await setting.world.open('maren-voss');
});
afterEach(() => setting.dispose());
/** Now, as the platform stamps a message. */
const at = (): number => clock.now();

it('knows the date and how long the person was away: "Good night" on Monday, "I am back" on Thursday', async () => {
  const { world } = setting;
  await world.tell('Good night', { at: at(), timeZone: 'Europe/Vienna' });
  expect(world.model.prompt).toContain('Today is Tuesday, 5 May 2026, 00:00 where the person is.');
  expect(world.model.prompt).not.toContain('last wrote');
  clock.pass(3 * dayMs);
  await world.tell('I am back', { at: at() });
  expect(world.model.prompt).toContain('Today is Thursday, 7 May 2026 (UTC).');
  expect(world.model.prompt).toContain('The person last wrote 3 days ago.');
  expect(world.model.prompt.indexOf('last wrote')).toBeGreaterThan(world.model.prompt.indexOf('Good night'));
});

it('takes the zone of the country a person named, where its clocks show one time', async () => {
  const { world, services } = setting;
  await saveProfile(services.store, {
    personId: ada,
    persona: { facts: [], country: 'JP' },
    createdAt: 1,
    updatedAt: 1,
    paused: false,
  });
  await world.tell('hello', { at: at() });
  expect(world.model.prompt).toContain('Today is Tuesday, 5 May 2026, 07:00 where the person is.');
});

it('tells a fact that speaks of its day with the day it was told: "I have an exam tomorrow"', async () => {
  const { world } = setting;
  await world.tell('!remember I have an exam tomorrow.', { at: at() });
  await world.tell('hm', { at: at() });
  expect(world.model.prompt).toContain('asked you to remember: I have an exam tomorrow.');
  clock.pass(21 * dayMs);
  await world.tell('When is my exam?', { at: at() });
  expect(world.model.prompt).toContain(
    'The person asked you to remember, told on 4 May 2026: I have an exam tomorrow.',
  );
  expect(world.model.hints?.toldBack).toBe('You have an exam tomorrow (told on 4 May 2026).');
});

it('says of a shared conversation only how long nobody wrote, and no time of day', async () => {
  const { world } = setting;
  const shared = { shared: true, timeZone: 'Europe/Vienna' } as const;
  await world.services.store.sessions.remove((await world.session()).id);
  await world.open('maren-voss', { shared: true });
  await world.tell('Good night', { ...shared, at: at() });
  clock.pass(3 * dayMs);
  await world.tell('Back', { ...shared, at: at() });
  expect(world.model.prompt).toContain('Today is Thursday, 7 May 2026 (UTC).');
  expect(world.model.prompt).toContain('The line before this one was written 3 days ago.');
});
