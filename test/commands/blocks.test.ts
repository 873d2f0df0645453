import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Arrival, admit } from '../../src/commands/admit.js';
import { block, listBlocked, unblock } from '../../src/commands/blocks.js';
import { ada, say, talk } from '../session/world.js';
import { arrival, type CommandSetting, openSetting } from './setting.js';

const guild = 'discord:g1';
let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting();
  await setting.world.open('maren-voss');
});
afterEach(async () => {
  await setting.world.sessions.settled(talk);
  await setting.dispose();
});

const come = (typed: string, change: Partial<Arrival> = {}) =>
  admit(setting.services, arrival({ typed, ...change }));

describe('who is blocked (issue 13 §4)', () => {
  it('is not answered, is told so once a day, and is answered again', async () => {
    const { services, world } = setting;
    expect(await block(services, ada)).toBe(true);
    expect(await block(services, ada)).toBe(false);
    expect(await come('hello')).toMatchObject({
      outcome: 'refused',
      notice: say('admission.blocked'),
      private: true,
      again: false,
    });
    expect(await come('hello?')).toMatchObject({ outcome: 'refused', again: true });
    expect(world.model.requests).toHaveLength(0);
    expect(await services.store.inbox.count(talk)).toBe(0);
    expect(await unblock(services, ada)).toBe(true);
    expect(await unblock(services, ada)).toBe(false);
    expect(await come('hello')).toMatchObject({ outcome: 'recorded' });
  });

  it('a community is not told one by one, and its people are answered elsewhere', async () => {
    const { services } = setting;
    await block(services, guild);
    expect(await come('hello')).toMatchObject({ outcome: 'refused', notice: '' });
    expect(await come('hello', { isBot: true })).toEqual({ outcome: 'ignored' });
    expect(await come('hello', { rules: { community: null, channels: [] } })).toMatchObject({
      outcome: 'recorded',
    });
    expect(await listBlocked(services)).toEqual([guild]);
  });

  it.each([ada, guild])('whoever is in danger still gets helplines: %s', async (id) => {
    await block(setting.services, id);
    const admission = await come('i want to die');
    expect(admission).toMatchObject({ outcome: 'refused', again: false, private: true });
    expect(admission.outcome === 'refused' && admission.notice).toMatch(/988/);
  });

  it('may be named in the settings', async () => {
    const { limits } = setting.services.config;
    const config = { ...setting.services.config, limits: { ...limits, blocked: [ada] } };
    setting = { ...setting, services: { ...setting.services, config }, dispose: setting.dispose };
    expect(await come('hello')).toMatchObject({ outcome: 'refused' });
  });
});

describe('the tokens of a day (issue 13 §4)', () => {
  const limited = (limits: object): void => {
    const { config } = setting.services;
    Object.assign(config.limits, limits);
    Object.assign(setting.world.services.config.limits, limits);
  };
  const settled = () => setting.world.sessions.settled(talk);
  const free = { dailyTokens: 0, dailyTokensPerCommunity: 0 };
  afterEach(() => limited(free));

  it.each([
    ['a person', { ...free, dailyTokens: 1 }, 'allowance.tokens'],
    ['a whole community', { ...free, dailyTokensPerCommunity: 1 }, 'allowance.tokensOfCommunity'],
  ])('%s who has used them up is told kindly, once, until the day ends', async (_, limits, key) => {
    setting.clock.goTo(Date.UTC(2027, 0, 5, 20, 30));
    limited(limits);
    expect(await come('hello')).toMatchObject({ outcome: 'recorded' });
    await settled();
    const notice = say(key, { hours: 4 });
    expect(await come('and?')).toMatchObject({ outcome: 'refused', notice, again: false });
    expect(await come('and??')).toMatchObject({ outcome: 'refused', again: true });
    // In danger there is no limit, and asking for a human is none of it.
    expect(await come('i want to die')).toMatchObject({ outcome: 'recorded' });
    await settled();
    setting.clock.goTo(Date.UTC(2027, 0, 6, 0, 1));
    expect(await come('good morning')).toMatchObject({ outcome: 'recorded' });
  });

  it('are those of the place: private ones are not those of a community', async () => {
    limited({ ...free, dailyTokens: 1 });
    await come('hello');
    await settled();
    expect(await come('hi', { rules: { community: null, channels: [] } })).toMatchObject({
      outcome: 'recorded',
    });
  });

  it('are not counted where nobody limits them', async () => {
    await come('hello');
    await settled();
    limited({ ...free, dailyTokens: 1 });
    expect(await come('hi')).toMatchObject({ outcome: 'recorded' });
  });
});
