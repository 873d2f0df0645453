import type { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { createProgram } from '../../cli/program.js';
import { CliRunner, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
const cli = new CliRunner(folder.path);
afterAll(folder.remove);

/** Every command that does something, as it is typed. */
function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

describe('help', () => {
  test.each(leaves(createProgram()).map((command) => [command.name(), command] as const))(
    '%s tells its use with an example',
    (_name, command) => {
      let help = '';
      command.configureOutput({
        writeOut: (text) => {
          help += text;
        },
      });
      command.outputHelp();
      expect(help).toMatch(/^Usage: rapport /);
      expect(help).toMatch(/\nExamples?:\n {2}\S/);
    },
  );

  test('the program lists its commands', async () => {
    const { code, stdout } = await cli.run(['--help']);
    expect(code).toBe(0);
    for (const name of ['start', 'chat', 'doctor', 'characters', 'match', 'prompt', 'data', 'bench'])
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  });

  test('--version is that of the package', async () => {
    const { code, stdout } = await cli.run(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('misuse ends with 2, says why on stderr and prints nothing else', () => {
  test.each<readonly [string, readonly string[], RegExp]>([
    ['an unknown command', ['dance'], /unknown command 'dance'/],
    ['an unknown option', ['match', '--persona', 'x', '--best'], /unknown option '--best'/],
    ['a missing option', ['match'], /--persona/],
    ['an empty persona', ['match', '--persona', ' '], /RAPPORT_E_USAGE: --persona is empty/],
    ['a number that is none', ['match', '--persona', 'x', '--top', 'many'], /whole number/],
    ['zero matches', ['match', '--persona', 'x', '--top', '0'], /whole number/],
    ['a type that is none', ['match', '--persona', 'x', '--mbti', 'ABCD'], /16 types/],
    ['a missing argument', ['characters', 'show'], /missing required argument 'id'/],
    ['an unknown format', ['prompt', '--session', 'x.json', '--format', 'alpaca'], /characterchat/],
    ['an unknown mode', ['chat', '--mode', 'duel'], /selfplay/],
    [
      'self-play alone',
      ['chat', '--mode', 'selfplay', '--character', 'maren-voss'],
      /RAPPORT_E_USAGE: Self-play needs two/,
    ],
    ['a partner without a mode', ['chat', '--with', 'maren-voss'], /RAPPORT_E_USAGE/],
    [
      'a session and a character',
      ['chat', '--session', 'terminal:1', '--character', 'maren-voss'],
      /RAPPORT_E_USAGE/,
    ],
    [
      'a person id without platform',
      ['data', 'export', '--person', 'ana'],
      /RAPPORT_E_USAGE: "ana" is no person id/,
    ],
    ['erasing with nobody to ask', ['data', 'erase', '--person', 'web:1'], /add --yes/],
    ['an unknown benchmark', ['bench', 'speed'], /there are: turn, store/],
    ['a benchmark named like a method', ['bench', 'toString'], /there are: turn, store/],
  ])('%s', async (_name, args, reason) => {
    const { code, stdout, stderr } = await cli.run(args);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/--help/);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });
});

test('a wrong configuration is told with every problem, its code and its cure', async () => {
  const { code, stdout, stderr } = await cli.run(['characters', 'list'], {
    env: { PORT: 'many', LOG_LEVEL: 'loud' },
  });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^RAPPORT_E_CONFIG_INVALID: .* 2 problem/);
  expect(stderr).toMatch(/PORT \(server\.port\): .*"many"/);
  expect(stderr).toMatch(/LOG_LEVEL \(log\.level\): .*"loud"/);
  expect(stderr).toMatch(/^→ /m);
});
