import { expect, it } from 'vitest';
import { messageId } from '../../src/ids.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import { fromStored as read, toStored as write } from '../../state/stored-entry.js';
import { StoredTexts } from '../../state/stored-texts.js';
import { talk } from './contract/samples.js';

const texts = new StoredTexts(undefined);
const toStored = (one: TranscriptEntry) => write(one, talk, texts);
const fromStored = (body: string, feedback: string | null) => read(body, feedback, talk, texts);

const entry = {
  id: messageId('one'),
  role: 'supporter',
  text: 'Line one.\nLine two.',
  trace: { stages: [{ name: 'match', note: 'a\nb' }] },
} as unknown as TranscriptEntry;

it('reads what it wrote, the trace too', () => {
  const { body, feedback } = toStored({ ...entry, feedback: 'up' });
  expect(fromStored(body, feedback)).toEqual({ ...entry, feedback: 'up' });
  expect(JSON.parse(JSON.stringify(fromStored(body, null)))).toEqual(entry);
  expect({ ...fromStored(body, null) }).toEqual(entry);
});

it('parses a trace when it is asked for, and once', () => {
  const { body } = toStored(entry);
  const broken = fromStored(`${body.split('\n')[0]}\nno JSON`, null);
  expect(broken.text).toBe(entry.text);
  expect(() => broken.trace).toThrow(SyntaxError);
  const read = fromStored(body, null);
  expect(read.trace).toBe(read.trace);
});

it('reads the rows of earlier versions, with the trace inside', () => {
  expect(fromStored(JSON.stringify(entry), 'down')).toEqual({ ...entry, feedback: 'down' });
});

it('has no trace where none was written', () => {
  const { trace: _, ...rest } = entry;
  expect('trace' in fromStored(toStored(rest as TranscriptEntry).body, null)).toBe(false);
});
