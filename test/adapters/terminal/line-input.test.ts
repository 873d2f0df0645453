import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { LineInput } from '../../../adapters/terminal/line-input.js';
import { HistoryFile } from '../../../adapters/terminal/local-person.js';

const folder = mkdtempSync(join(tmpdir(), 'rapport-terminal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lineInput(
  interactive: boolean,
  onLine?: (line: string) => boolean,
): {
  keys: PassThrough;
  output: PassThrough;
  input: LineInput;
  history: HistoryFile;
  interrupts: () => number;
} {
  const keys = new PassThrough();
  const output = new PassThrough();
  const history = new HistoryFile(join(folder, interactive ? 'person' : 'pipe'));
  let interrupts = 0;
  const onInterrupt = (): void => {
    interrupts += 1;
  };
  const input = new LineInput({
    input: keys,
    output,
    interactive,
    history,
    onInterrupt,
    ...(onLine && { onLine }),
  });
  return { keys, output, input, history, interrupts: () => interrupts };
}

test('piped lines come in order, also those that came before they were asked for, and then the end', async () => {
  const { keys, input, history } = lineInput(false);
  keys.write('one\ntwo\n');
  expect(await input.next('> ')).toBe('one');
  keys.end('three');
  expect([await input.next('> '), await input.next('> '), await input.next('> ')]).toEqual([
    'two',
    'three',
    null,
  ]);
  expect(history.read()).toEqual([]);
});

test('a person is prompted; what they typed is kept, latest first, for them alone', async () => {
  const { keys, output, input, history } = lineInput(true);
  const first = input.next('you: ');
  keys.write('hello\r');
  expect(await first).toBe('hello');
  expect(String(output.read())).toContain('you: ');
  keys.write('again\r');
  expect(await input.next('you: ')).toBe('again');
  input.close();
  expect(history.read()).toEqual(['again', 'hello']);
  expect(statSync(join(folder, 'person', 'terminal-history')).mode & 0o777).toBe(0o600);
  expect(history.remove()).toBe(true);
  expect(history.remove()).toBe(false);
});

test('Ctrl-C is an interrupt and no end; a line that was taken at once is not queued', async () => {
  const { keys, input, interrupts } = lineInput(true, (line) => line === '/stop');
  const next = input.next('you: ');
  keys.write('\u0003');
  keys.write('/stop\rgo on\r');
  expect(await next).toBe('go on');
  expect(interrupts()).toBe(1);
  input.close();
  expect(await input.next('you: ')).toBeNull();
});

test('closing drops what waits', async () => {
  const { keys, input } = lineInput(false);
  const first = input.next('');
  keys.write('one\ntwo\n');
  expect(await first).toBe('one');
  input.close();
  expect(await input.next('')).toBeNull();
});

test('where texts at rest are encrypted, no history of what was typed is kept (issue 13 §4)', () => {
  const place = join(folder, 'sealed');
  new HistoryFile(place).write(['heliotrope']);
  const sealed = new HistoryFile(place, false);
  expect(sealed.read()).toEqual([]);
  sealed.write(['heliotrope']);
  expect(new HistoryFile(place).read()).toEqual([]);
});
