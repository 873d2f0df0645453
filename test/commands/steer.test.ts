import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSteering } from '../../config/steering.js';
import { choiceUnits, goalChoices, goalOf, type SteerRequest, steer } from '../../src/commands/steer.js';
import { setStyle, styleChoices } from '../../src/commands/style.js';
import { say, talk } from '../session/world.js';
import { type CommandSetting, openSetting } from './setting.js';

let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting();
});
afterEach(() => setting.dispose());

describe('steering', () => {
  const ask = (mode: SteerRequest['mode'], text = '') => steer(setting.services, talk, { mode, text });

  it('leads the next reply, every reply, or one after the other, and tells so', async () => {
    const { world } = setting;
    expect(await ask('once', 'music')).toBeNull();
    await world.open('maren-voss');
    expect((await ask('once', 'music'))?.notice).toBe(say('steering.set', { goal: 'talk about music.' }));
    expect((await ask('queue', 'pets, the sea'))?.notice).toContain('ask about pets, talk about the sea');
    expect((await ask('sticky', 'food'))?.session.steering).toEqual({
      sticky: 'ask about favorite food.',
      queue: ['talk about music.', 'ask about pets.', 'talk about the sea.'],
    });
    await world.tell('hello');
    expect(world.model.prompt).toContain('talk about music');
    expect((await ask('off'))?.session.steering).toEqual({ sticky: null, queue: [] });
    expect(world.seen.filter(({ type }) => type === 'session').length).toBeGreaterThanOrEqual(4);
  });

  it('asks back after a slip, and shows the topics where none was named', async () => {
    await setting.world.open('maren-voss');
    expect(await ask('once', 'musik')).toMatchObject({
      changed: false,
      notice: say('steering.unknown', { goal: 'musik', suggestion: 'music' }),
    });
    expect(await ask('sticky', '  ')).toMatchObject({ changed: false });
    expect((await setting.world.session()).steering).toEqual({ sticky: null, queue: [] });
  });

  it('a word that is a control word elsewhere is a goal here', async () => {
    await setting.world.open('maren-voss');
    expect((await ask('once', 'off'))?.session.steering.queue).toEqual(['talk about off.']);
    expect(goalOf(setting.services, 'musik')).toBe('talk about musik.');
    expect(goalOf(setting.services, ' ')).toBeNull();
  });
});

describe('the goals offered while typing', () => {
  const steering = loadSteering();
  it('begin with what begins so, and end with the own words', () => {
    expect(goalChoices({ steering }, '')).toHaveLength(steering.goals.length);
    expect(goalChoices({ steering }, 'mus')).toEqual([
      { name: 'talk about music', value: 'music' },
      { name: 'mus', value: 'mus' },
    ]);
    expect(goalChoices({ steering }, 'music')).toEqual([{ name: 'talk about music', value: 'music' }]);
    expect(goalChoices({ steering }, 'a', 3)).toHaveLength(3);
  });

  it('are never more, longer or emptier than a platform takes; each comes back as a goal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 1, max: 25 }),
        (typed, limit) => {
          const choices = goalChoices({ steering }, typed, limit);
          expect(choices.length).toBeLessThanOrEqual(limit);
          for (const { name, value } of choices) {
            expect(name.length * value.length).toBeGreaterThan(0);
            expect(Math.max(name.length, value.length)).toBeLessThanOrEqual(choiceUnits);
            expect(value.isWellFormed()).toBe(true);
          }
          expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
        },
      ),
    );
  });
});

describe('style', () => {
  it('lists every attribute with its two ways', () => {
    expect(styleChoices(setting.services)[0]).toEqual({
      attribute: 'languagestyle',
      name: 'language',
      label: 'plain or lyrical',
      values: [
        { value: 'plain', label: 'use plain, everyday words' },
        { value: 'lyrical', label: 'use vivid, lyrical language' },
      ],
    });
  });

  it('what the person asked for goes before the way of the character, and stays until it is given back', async () => {
    const { world, services } = setting;
    const set = (attribute: string | null, value: string | null) =>
      setStyle(services, talk, { attribute, value });
    expect(await set('attitude', 'optimistic')).toBeNull();
    await world.open('maren-voss');
    await set('attitude', 'pessimistic');
    expect(await set('languagestyle', 'lyrical')).toMatchObject({
      notice: say('style.set', { words: 'use vivid, lyrical language' }),
      session: { style: { attitude: 'pessimistic', languagestyle: 'lyrical' } },
    });
    await world.tell('hello');
    expect(world.model.prompt).toContain('use vivid, lyrical language');
    expect(await world.decision('style')).toMatchObject({
      asked: { attitude: 'pessimistic', languagestyle: 'lyrical' },
      attributes: { attitude: 'pessimistic', languagestyle: 'lyrical' },
    });
    expect(await set('languagestyle', null)).toMatchObject({
      notice: say('style.cleared'),
      session: { style: { attitude: 'pessimistic' } },
    });
    expect(await set(null, null)).toMatchObject({ session: { style: {} } });
    await world.tell('hello again');
    expect(world.model.prompt).not.toContain('lyrical');
    expect(await world.decision('style')).not.toHaveProperty('asked');
  });

  it('refuses what does not exist', async () => {
    await setting.world.open('maren-voss');
    for (const [attribute, value] of [
      ['attitude', 'purple'],
      ['mood', 'optimistic'],
      ['__proto__', 'toString'],
      ['attitude', 'constructor'],
      ['mood', null],
      [null, 'optimistic'],
    ] as const)
      await expect(setStyle(setting.services, talk, { attribute, value })).rejects.toMatchObject({
        code: 'RAPPORT_E_ENTRY_REFUSED',
      });
  });
});
