import { describe, expect, it } from 'vitest';
import { RuleFactReader } from '../../src/memory/rule-fact-reader.js';

const read = async (text: string, known: readonly string[] = []): Promise<string[]> =>
  (await new RuleFactReader().read([{ entry: 'a', text, at: 0 }], known)).map((fact) => fact.text);

/** Facts read by rules (issue 15 §2). */
describe('facts by their wording', () => {
  it.each([
    ['Well, I live in Bern. It rains a lot.', 'I live in Bern'],
    ['So I moved to Basel last week!', 'I moved to Basel last week'],
    ["I'm allergic to nuts, sadly.", "I'm allergic to nuts, sadly"],
    ['my sister is called Ana', 'My sister is called Ana'],
    ['I have two cats and a garden.', 'I have two cats and a garden'],
    ["Hi! I'm a nurse.", "I'm a nurse"],
    ['I play the cello in an amateur orchestra.', 'I play the cello in an amateur orchestra'],
    ["I'm learning Portuguese.", "I'm learning Portuguese"],
    ['My birthday is on 3 May.', 'My birthday is on 3 May'],
    ['My brother Tom lives with me.', 'My brother Tom lives with me'],
    ['I hate olives.', 'I hate olives'],
    ['Ich wohne in Bern.', 'Ich wohne in Bern'],
  ])('%s', async (text, fact) => {
    expect(await read(text)).toEqual([fact]);
  });

  it.each([
    'Do I live in Bern?',
    'If I lived in Bern I would be happy.',
    'I feel awful today.',
    'I hate myself.',
    'I hate my life.',
    'I love you.',
    "I'm a burden.",
    "I'm a loser.",
    "I'm a terrible failure",
    'My sister is divorced.',
    'My boss is an idiot.',
    'She said I live in the past.',
    'I live in constant fear.',
    "I'm afraid of dying.",
    "I'm afraid of being alone.",
    'I play it down.',
    'I used to live in Bern.',
    'Maybe I work too much.',
    'I have an exam tomorrow.',
    'Please remember my sister is Ana.',
    'I have no idea.',
    'I can’t stand this anymore.',
    'Tom works in a bank.',
  ])('leaves alone: %s', async (text) => {
    expect(await read(text)).toEqual([]);
  });

  it('what is known already is not read again', async () => {
    expect(await read('I live in Bern. I have two cats.', ['I LIVE in Bern.'])).toEqual(['I have two cats']);
  });
});
