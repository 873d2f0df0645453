import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnswerBank } from '../../../inference/embedded/answer-bank.js';
import type { Meaning } from '../../../src/memory/meaning.js';

/** Three directions: exams, dogs, weather. */
const directions: Readonly<Record<string, readonly number[]>> = {
  'i failed my exam': [1, 0, 0],
  'flunked the test': [0.96, 0.28, 0],
  'my dog died': [0, 1, 0],
  'i miss my dog': [0.1, 0.99, 0],
  'do you have a dog': [-0.7, 0.7, 0],
  'got a dog?': [-0.72, 0.69, 0],
  'I failed': [0.99, 0.1, 0.1],
  'My dog is gone': [0.05, 0.99, 0.1],
  "I don't miss my dog": [0.1, 0.99, 0],
  'it rains': [0, 0, 1],
  'Which exam was it?': [0.9, 0.4, 0],
  'That stings.': [1, 0, 0],
  'What was your dog like?': [0, 1, 0],
  'And then?': [0, 0.1, 0.99],
  'Go on.': [0.99, 0.1, 0],
  'Since when?': [-0.6, 0, 0.8],
  'For how long?': [-0.62, 0, 0.78],
  'since march': [-1, 0, 0],
  'since march.': [-1, 0, 0],
  'from march on': [-0.99, 0.1, 0],
  'for three weeks': [0.6, -0.8, 0],
  'for 3 weeks': [0.6, -0.8, 0],
  'for four months': [0.62, -0.78, 0],
  'Three weeks of it.': [0.6, -0.8, 0],
  'A while, then.': [0.6, -0.6, 0.5],
  'March is a while ago.': [-0.9, 0, 0.4],
  'What will you say?': [0, 0, -1],
  'A plan, then.': [0.1, 0, -0.99],
  'i will ring her': [0, 0, -1],
  'i will ring the girl': [0, -0.6, -0.8],
  'What will she say?': [0, 0, -1],
  'What will the boss say?': [0, 0, -1],
};
const at = (text: string): readonly number[] => directions[text] ?? [0.58, 0.58, 0.58];
const meaning: Meaning = { vectors: async (texts) => texts.map((text) => Float32Array.from(at(text))) };
const entries = [
  { messages: ['i failed my exam', 'flunked the test'], replies: ['Which exam was it?', 'That stings.'] },
  { messages: ['my dog died', 'i miss my dog'], replies: ['What was your dog like?'] },
  { messages: ['do you have a dog'], replies: [], ask: 'pets' },
  { messages: [], replies: ['And then?', 'Go on.'], when: 'plain' },
  { messages: ['for three weeks'], replies: ['Three weeks of it.', 'A while, then.'], after: 0 },
  { messages: ['since march'], replies: ['March is a while ago.'], after: 0 },
  { messages: [], replies: ['What will you say?', 'A plan, then.'], act: 1 },
  { messages: [], replies: ['What will she say?'], act: 1, about: 0 },
  { messages: [], replies: ['What will the boss say?'], act: 1, about: 1 },
];
const groups = [['Since when?']];
const acts = ['a fact', 'a plan'];
const topics = ['her', 'work'];
const scale = 100;
const selfAnswers = {};
const asks = false;
const before = null;
let folder: string;

/** The maps change nothing: no means, the identity. */
function makeBank(change: Readonly<Record<string, unknown>> = {}): AnswerBank {
  const rows = [
    ...entries.flatMap(({ messages }) => messages),
    ...entries.flatMap(({ replies }) => replies),
    ...groups.flat(),
  ];
  const vectors = Buffer.alloc(rows.length * 3);
  for (const [row, text] of rows.entries())
    for (const [place, value] of at(text).entries())
      vectors.writeInt8(Math.round(value * scale), row * 3 + place);
  const one = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const map = [0, 0, 0, 0, 0, 0, ...one, ...one];
  const subjects = [0, -9, 0, 0, 0, 9, 0, 0];
  const reading = [-5, 0, 0, 0, 0, 0, -5, 0];
  const maps = Buffer.from(Float32Array.from([...map, ...reading, ...subjects]).buffer);
  const files = {
    'answers.json': Buffer.from(JSON.stringify({ groups, acts, topics, entries })),
    'vectors.bin': vectors,
    'maps.bin': maps,
  };
  mkdirSync(join(folder, 'answers'), { recursive: true });
  mkdirSync(join(folder, 'meaning'), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'answers', name), content);
  const sha256 = Object.fromEntries(
    Object.entries(files).map(([name, content]) => [
      name,
      createHash('sha256').update(content).digest('hex'),
    ]),
  );
  const manifest = {
    name: 'answers',
    version: '0.1.0',
    meaning: '0.1.0',
    dimension: 3,
    scale,
    fit: 0.7,
    thresholds: { bank: 0.8, ask: 0.8, answer: 0.8, asked: 0.8, act: 0.9, about: 0.9 },
    sha256,
    ...change,
  };
  writeFileSync(join(folder, 'answers/model.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'meaning/model.json'),
    JSON.stringify({ name: 'meaning', version: '0.1.0', sha256: {} }),
  );
  return new AnswerBank(join(folder, 'answers'), join(folder, 'meaning'), meaning);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-answers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the bank of answers', () => {
  it('brings the reply to what means the same, the one that fits best', async () => {
    const found = await makeBank().answer({ message: ' I failed ', said: [], before, asks, selfAnswers });
    expect(found?.text).toBe('That stings.');
    expect(found?.likeness).toBeGreaterThan(0.95);
    const dog = await makeBank().answer({ message: 'My dog is gone', said: [], before, asks, selfAnswers });
    expect(dog?.text).toBe('What was your dog like?');
  });

  it('prefers a question where one is wished and the rest is equal', async () => {
    const asked = { message: 'flunked the test', before, said: [], selfAnswers };
    expect((await makeBank({ fit: 0.01 }).answer({ ...asked, asks: true }))?.text).toBe('Which exam was it?');
    expect((await makeBank({ fit: 0.01 }).answer({ ...asked, asks: false }))?.text).toBe('That stings.');
  });

  it('says nothing twice', async () => {
    const bank = makeBank();
    const second = await bank.answer({
      message: 'I failed',
      said: ['That stings.'],
      before,
      asks,
      selfAnswers,
    });
    expect(second?.text).toBe('Which exam was it?');
    const said = ['That stings.', 'Which exam was it?'];
    expect(await bank.answer({ message: 'I failed', said, before, asks, selfAnswers })).toBeNull();
  });

  it('lets the character answer for itself, and say the same when it is asked again', async () => {
    const bank = makeBank();
    const own = { pets: ['A dog called Pip, and yes, he is spoilt.'] };
    const asked = { message: 'got a dog?', before, asks, selfAnswers: own };
    expect((await bank.answer({ ...asked, said: [] }))?.text).toBe(own.pets[0]);
    expect((await bank.answer({ ...asked, said: own.pets }))?.text).toBe(own.pets[0]);
    expect(await bank.answer({ message: 'got a dog?', said: [], before, asks, selfAnswers })).toBeNull();
  });

  it('brings nothing to what is like nothing it knows, or is denied', async () => {
    const bank = makeBank();
    expect(await bank.answer({ message: 'it rains', said: [], before, asks, selfAnswers })).toBeNull();
    expect(
      await bank.answer({ message: "I don't miss my dog", said: [], before, asks, selfAnswers }),
    ).toBeNull();
    expect(await bank.answer({ message: '  ', said: [], before, asks, selfAnswers })).toBeNull();
  });

  it('knows an answer to what the character just asked, in its words or in others, and only then', async () => {
    const bank = makeBank();
    const asked = { message: 'from march on', said: [], asks, selfAnswers };
    for (const last of ['Since when?', 'I see. Since when?', 'For how long?'])
      expect((await bank.answer({ ...asked, before: last }))?.text).toBe('March is a while ago.');
    for (const last of [null, 'What was your dog like?', 'Since then it rains.'])
      expect(await bank.answer({ ...asked, before: last })).toBeNull();
  });

  it('finds the answer in the first words of a longer message', async () => {
    const asked = { said: [], before: 'Since when?', asks, selfAnswers };
    const message = 'since march. it rains';
    expect((await makeBank().answer({ ...asked, message }))?.text).toBe('March is a while ago.');
    expect((await makeBank().answer({ ...asked, message: 'since march, you know' }))?.text).toBe(
      'March is a while ago.',
    );
  });

  it('says nothing of a span of time that was not told', async () => {
    const bank = makeBank();
    const asked = { said: [], before: 'Since when?', asks, selfAnswers };
    expect((await bank.answer({ ...asked, message: 'for 3 weeks' }))?.text).toBe('Three weeks of it.');
    expect((await bank.answer({ ...asked, message: 'for four months' }))?.text).toBe('A while, then.');
  });

  it('takes up what a message does where that is clear, and says nothing twice', async () => {
    const bank = makeBank();
    const asked = { message: 'i will ring her', before, asks, said: [] };
    expect((await bank.takeUp({ ...asked, asks: true }, 'plain'))?.text).toBe('What will you say?');
    expect((await bank.takeUp(asked, 'plain'))?.text).toBe('A plan, then.');
    expect(
      await bank.takeUp({ ...asked, said: ['What will you say?', 'A plan, then.'] }, 'plain'),
    ).toBeNull();
    expect(await bank.takeUp({ ...asked, message: 'it rains' }, 'plain')).toBeNull();
    expect(await bank.takeUp(asked, 'asked')).toBeNull();
    expect(await bank.does('i will ring her')).toBe('a plan');
    expect(await bank.does('My dog is gone')).toBeNull();
    expect(await bank.answer({ ...asked, selfAnswers })).toBeNull();
  });

  it('prefers what names the topic of a message, and never what names another', async () => {
    const bank = makeBank();
    const asked = { before, asks: true, said: [] };
    const found = async (message: string, said: readonly string[]): Promise<string | undefined> =>
      (await bank.takeUp({ ...asked, message, said }, 'plain'))?.text;
    expect(await found('i will ring the girl', [])).toBe('What will she say?');
    expect(await found('i will ring the girl', ['What will she say?'])).toBe('What will you say?');
  });

  it('keeps the talk going in a mood, with what was not said yet', async () => {
    const bank = makeBank();
    expect((await bank.goOn('it rains', 'plain', []))?.text).toBe('And then?');
    expect((await bank.goOn('it rains', 'plain', ['And then?']))?.text).toBe('Go on.');
    expect(await bank.goOn('it rains', 'gentle', [])).toBeNull();
  });

  it('is refused with the reason where it was made with another meaning', () => {
    expect(() => makeBank({ meaning: '0.9.0' })).toThrow(/made with meaning 0\.9\.0/);
  });

  it('is refused where its files are not those it was published with', async () => {
    const sha256 = {
      'answers.json': 'a'.repeat(64),
      'vectors.bin': 'b'.repeat(64),
      'maps.bin': 'c'.repeat(64),
    };
    const asked = { message: 'I failed', said: [], before, asks, selfAnswers };
    await expect(makeBank({ sha256 }).answer(asked)).rejects.toThrow(/sha256/);
    await expect(makeBank({ dimension: 4 }).answer(asked)).rejects.toThrow(/vector for every message/);
  });
});
