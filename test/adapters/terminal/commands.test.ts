import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LineInput } from '../../../adapters/terminal/line-input.js';
import { HistoryFile } from '../../../adapters/terminal/local-person.js';
import { pickGoal, talk } from '../../../adapters/terminal/talk.js';
import { terminalSetting } from './setting.js';

let terminal: Awaited<ReturnType<typeof terminalSetting>>;
beforeEach(async () => {
  terminal = await terminalSetting();
  await terminal.chat.open(terminal.chat.character('maren-voss'));
  terminal.screen();
});
afterEach(() => terminal.close());

const lines = (...typed: string[]): LineInput => {
  const input = new PassThrough();
  input.end(`${typed.join('\n')}\n`);
  return new LineInput({
    input,
    output: new PassThrough(),
    interactive: false,
    history: new HistoryFile('', false),
    onInterrupt: () => undefined,
  });
};
const typed = async (...said: string[]): Promise<string> => {
  await talk(terminal.chat, lines(...said), Number.POSITIVE_INFINITY);
  return terminal.screen();
};

test('F.2: what works behind / works behind !, and the other way round', async () => {
  expect(await typed('/topic music')).toContain('The next reply will talk about music.');
  expect(await typed('/remember I have two cats', '!facts')).toContain('1. I have two cats');
  expect(await typed('/topic')).toContain('Topics: ');
  expect(await typed('!why')).toContain('There is no reply yet.');
  expect(await typed('!steer off')).toContain('No topic is set now.');
  expect(await typed('!list voss')).toContain('maren-voss  Maren Voss');
  expect(await typed('!help')).toBe(await typed('/help'));
  expect(await typed('!nonsense')).toContain('I do not know !nonsense');
  expect(await typed('/nonsense')).toContain('There is no command /nonsense');
  expect(terminal.model.requests).toEqual([]);
  expect(await typed('!quit', 'never sent')).toBe('');
});

test('F.2: a cry for help behind a command is heard', async () => {
  expect(await typed('/help I want to kill myself')).toContain('findahelpline.com');
});

test('F.2: a goal is chosen by number, by name and in own words', async () => {
  const pick = async (...said: string[]): Promise<string | null> => pickGoal(terminal.chat, lines(...said));
  const { goals } = terminal.chat.services.steering;
  expect(await pick('0')).toBe(goals[0]?.goal);
  expect(await pick('music')).toBe('talk about music.');
  expect(await pick('the sea')).toBe('talk about the sea.');
  expect(await pick('999', '', 'musik', 'music')).toBe('talk about music.');
  expect(terminal.screen()).toMatch(/A number from 0 to .*\n.*Did you mean music\?/s);
  expect(await pick('!quit')).toBe(null);
});
