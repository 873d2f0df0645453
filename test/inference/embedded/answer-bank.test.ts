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
  'it rains': [0, 0, 1],
  'I failed': [0.99, 0.1, 0.1],
  'My dog is gone': [0.05, 0.99, 0.1],
  "I don't miss my dog": [0.1, 0.99, 0],
  'the weather and the exam': [0.7, 0, 0.7],
};
const meaning: Meaning = {
  vectors: async (texts) => texts.map((text) => Float32Array.from(directions[text] ?? [0.58, 0.58, 0.58])),
};
const entries = [
  { messages: ['i failed my exam', 'flunked the test'], replies: ['Which exam was it?', 'That stings.'] },
  { messages: ['my dog died', 'i miss my dog'], replies: ['What was your dog like?'] },
  { messages: ['it rains'], replies: ['Then stay in.'] },
  { messages: ['do you have a dog'], replies: [], ask: 'pets' },
];
const scale = 100;
let folder: string;

function makeBank(change: Readonly<Record<string, unknown>> = {}): AnswerBank {
  const texts = JSON.stringify(entries);
  const rows = entries.flatMap(({ messages }) => messages.map((text) => directions[text] ?? []));
  const bytes = Buffer.alloc(12 + rows.length * 3);
  for (const [row, vector] of rows.entries())
    for (const [place, value] of vector.entries())
      bytes.writeInt8(Math.round(value * scale), 12 + row * 3 + place);
  const sha256 = (value: string | Buffer): string => createHash('sha256').update(value).digest('hex');
  mkdirSync(join(folder, 'answers'), { recursive: true });
  mkdirSync(join(folder, 'meaning'), { recursive: true });
  writeFileSync(join(folder, 'answers/answers.json'), texts);
  writeFileSync(join(folder, 'answers/vectors.bin'), bytes);
  const manifest = {
    name: 'answers',
    version: '0.1.0',
    meaning: '0.1.0',
    dimension: 3,
    messages: rows.length,
    scale,
    threshold: 0.8,
    sha256: { 'answers.json': sha256(texts), 'vectors.bin': sha256(bytes) },
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
  it('brings the replies to what means the same', async () => {
    const found = await makeBank().near(' I failed ');
    expect(found.map(({ text }) => text)).toEqual(['Which exam was it?', 'That stings.']);
    expect(found[0]?.likeness).toBeGreaterThan(0.95);
    expect((await makeBank().near('My dog is gone')).map(({ text }) => text)).toEqual([
      'What was your dog like?',
    ]);
  });

  it('lets the character answer for itself', async () => {
    const pets = ['A dog called Pip, and yes, he is spoilt.'];
    expect((await makeBank().near('got a dog?', { pets })).map(({ text }) => text)).toEqual(pets);
    expect(await makeBank().near('got a dog?')).toEqual([]);
  });

  it('brings nothing to what is like nothing it knows, is denied, or is long', async () => {
    const bank = makeBank();
    expect(await bank.near('the weather and the exam')).toEqual([]);
    expect(await bank.near("I don't miss my dog")).toEqual([]);
    expect(await bank.near(`I failed ${'and then '.repeat(20)}`)).toEqual([]);
    expect(await bank.near('  ')).toEqual([]);
  });

  it('is refused with the reason where it was made with another meaning', () => {
    expect(() => makeBank({ meaning: '0.9.0' })).toThrow(/made with meaning 0\.9\.0/);
  });

  it('is refused where its files are not those it was published with', async () => {
    const wrong = { 'answers.json': 'a'.repeat(64), 'vectors.bin': 'b'.repeat(64) };
    await expect(makeBank({ sha256: wrong }).near('I failed')).rejects.toThrow(/sha256/);
    await expect(makeBank({ messages: 5 }).near('I failed')).rejects.toThrow(/vector for every message/);
  });
});
