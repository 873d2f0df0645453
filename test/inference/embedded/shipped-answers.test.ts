import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAnswers } from '../../../app/answers.js';
import { openReader } from '../../../app/reader.js';
import { loadConfig } from '../../../app/settings.js';
import { configuredBank } from '../../../characters/bank.js';
import type { AnswerBank } from '../../../inference/embedded/answer-bank.js';
import { silentLogger } from '../../../src/telemetry/logger.js';

const { config } = loadConfig({});
const reader = openReader(config, silentLogger);
const bank = configuredBank(config);
let answers: AnswerBank;
beforeAll(async () => {
  const opened = openAnswers(config, reader.meaning, silentLogger);
  if (!opened) throw new Error('the bank of answers is missing');
  answers = opened;
  await answers.goOn('hello', 'plain', []);
}, 60_000);
afterAll(() => reader.close());

const reply = async (
  message: string,
  character = 'maren-voss',
  said: readonly string[] = [],
  before: string | null = null,
): Promise<string> => {
  const selfAnswers = bank.get(character)?.selfAnswers ?? {};
  return (await answers.answer({ message, before, said, asks: true, selfAnswers }))?.text ?? '';
};

describe('the bank that ships', () => {
  it.each([
    ['my dog died yesterday', /dog|friend|animal|him|her|it/i],
    ['mein Hund ist gestern gestorben', /dog|friend|animal|him|her|it/i],
    ['i passed my exam!!', /congrat|pass|exam|work/i],
    ['cant sleep', /sleep|night|awake|lie|bed/i],
    ['thank you', /welcome|glad|thank|pleasure|any/i],
  ])('answers what is commonly said: %s', async (message, fitting) => {
    expect(await reply(message)).toMatch(fitting);
  });

  it.each(bank.all.map(({ id }) => id))('lets %s answer for itself', async (id) => {
    const own = bank.get(id)?.selfAnswers ?? {};
    for (const [message, ask] of [
      ['what do you do for a living?', 'job'],
      ['do you have kids', 'children'],
      ['where are you from', 'home-place'],
    ] as const)
      expect(own[ask]).toContain(await reply(message, id));
  });

  it('says the same of a character when it is asked again, and nothing else twice', async () => {
    const first = await reply('do you have any pets?');
    expect(bank.get('maren-voss')?.selfAnswers.pets).toContain(first);
    const again = await reply('so do you have a cat or a dog', 'maren-voss', [first]);
    expect(bank.get('maren-voss')?.selfAnswers.pets).toContain(again);
    const one = await reply('i feel lonely');
    expect(await reply('i feel lonely', 'maren-voss', [one])).not.toBe(one);
  });

  it.each([
    ['What do you miss most?', 'the food lol', /food|table|dish|cook|kitchen/i],
    ['And what do you miss the most?', 'nothing. thats the weird part', /relief|puzzle|miss/i],
  ])('takes up what answers a question: %s %s', async (before, message, fitting) => {
    expect(await reply(message, 'maren-voss', [], before)).toMatch(fitting);
  });

  it('takes up what a message does', async () => {
    const asked = {
      message: "i'll call my brother on sunday and tell him",
      said: [],
      before: null,
      asks: true,
    };
    expect((await answers.takeUp(asked, 'plain'))?.text).toMatch(/\?$/);
  });

  it('is silent where nothing is like it', async () => {
    expect(await reply('the third lemma follows from the second by induction over k')).toBe('');
  });

  it('has an answer of every character to every question', () => {
    const asks = new Set(bank.all.flatMap(({ selfAnswers }) => Object.keys(selfAnswers)));
    for (const { id, selfAnswers } of bank.all)
      expect(Object.keys(selfAnswers).sort(), id).toEqual([...asks].sort());
  });
});
