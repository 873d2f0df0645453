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
};
const at = (text: string): readonly number[] => directions[text] ?? [0.58, 0.58, 0.58];
const meaning: Meaning = { vectors: async (texts) => texts.map((text) => Float32Array.from(at(text))) };
const entries = [
  { messages: ['i failed my exam', 'flunked the test'], replies: ['Which exam was it?', 'That stings.'] },
  { messages: ['my dog died', 'i miss my dog'], replies: ['What was your dog like?'] },
  { messages: ['do you have a dog'], replies: [], ask: 'pets' },
  { messages: [], replies: ['And then?', 'Go on.'], when: 'plain' },
];
const scale = 100;
const selfAnswers = {};
const asks = false;
let folder: string;

/** The maps change nothing: no means, the identity. */
function makeBank(change: Readonly<Record<string, unknown>> = {}): AnswerBank {
  const rows = [...entries.flatMap(({ messages }) => messages), ...entries.flatMap(({ replies }) => replies)];
  const vectors = Buffer.alloc(rows.length * 3);
  for (const [row, text] of rows.entries())
    for (const [place, value] of at(text).entries())
      vectors.writeInt8(Math.round(value * scale), row * 3 + place);
  const maps = Buffer.from(Float32Array.from([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]).buffer);
  const files = {
    'answers.json': Buffer.from(JSON.stringify(entries)),
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
    thresholds: { bank: 0.8, ask: 0.8 },
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
    const found = await makeBank().answer({ message: ' I failed ', said: [], asks, selfAnswers });
    expect(found?.text).toBe('That stings.');
    expect(found?.likeness).toBeGreaterThan(0.95);
    const dog = await makeBank().answer({ message: 'My dog is gone', said: [], asks, selfAnswers });
    expect(dog?.text).toBe('What was your dog like?');
  });

  it('prefers a question where one is wished and the rest is equal', async () => {
    const asked = { message: 'flunked the test', said: [], selfAnswers };
    expect((await makeBank({ fit: 0.01 }).answer({ ...asked, asks: true }))?.text).toBe('Which exam was it?');
    expect((await makeBank({ fit: 0.01 }).answer({ ...asked, asks: false }))?.text).toBe('That stings.');
  });

  it('says nothing twice', async () => {
    const bank = makeBank();
    const second = await bank.answer({ message: 'I failed', said: ['That stings.'], asks, selfAnswers });
    expect(second?.text).toBe('Which exam was it?');
    const said = ['That stings.', 'Which exam was it?'];
    expect(await bank.answer({ message: 'I failed', said, asks, selfAnswers })).toBeNull();
  });

  it('lets the character answer for itself, and say the same when it is asked again', async () => {
    const bank = makeBank();
    const own = { pets: ['A dog called Pip, and yes, he is spoilt.'] };
    const asked = { message: 'got a dog?', asks, selfAnswers: own };
    expect((await bank.answer({ ...asked, said: [] }))?.text).toBe(own.pets[0]);
    expect((await bank.answer({ ...asked, said: own.pets }))?.text).toBe(own.pets[0]);
    expect(await bank.answer({ message: 'got a dog?', said: [], asks, selfAnswers })).toBeNull();
  });

  it('brings nothing to what is like nothing it knows, or is denied', async () => {
    const bank = makeBank();
    expect(await bank.answer({ message: 'it rains', said: [], asks, selfAnswers })).toBeNull();
    expect(await bank.answer({ message: "I don't miss my dog", said: [], asks, selfAnswers })).toBeNull();
    expect(await bank.answer({ message: '  ', said: [], asks, selfAnswers })).toBeNull();
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
    const asked = { message: 'I failed', said: [], asks, selfAnswers };
    await expect(makeBank({ sha256 }).answer(asked)).rejects.toThrow(/sha256/);
    await expect(makeBank({ dimension: 4 }).answer(asked)).rejects.toThrow(/vector for every message/);
  });
});
