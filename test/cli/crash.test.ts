import { afterAll, describe, expect, test } from 'vitest';
import { crashReport } from '../../cli/crash.js';
import { RapportError } from '../../config/errors.js';
import { CliRunner, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
const cli = new CliRunner(folder.path);
afterAll(folder.remove);

/** Has the process fail once it listens for what nobody catches. */
function failing(statement: string): NodeJS.ProcessEnv {
  const source = `const wait = setInterval(() => {
    if (process.listenerCount('unhandledRejection') === 0) return;
    clearInterval(wait);
    ${statement}
  }, 5);`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(source)}` };
}

describe('what nobody catches', () => {
  test.each([
    [
      'unhandledRejection',
      "void Promise.reject(new TypeError(['I am so lone', 'ly'].join('')));",
      'TypeError',
    ],
    ['uncaughtException', "throw new RangeError(['I am so lone', 'ly'].join(''));", 'RangeError'],
    ['unhandledRejection', 'void Promise.reject();', 'undefined'],
  ])('ends the process with 1 and one line: %s', async (origin, statement, name) => {
    const { code, stderr } = await cli.run(['start'], {
      env: { ...failing(statement), PORT: '0' },
    });
    expect(code).toBe(1);
    const lines = stderr.trim().split('\n');
    const report = JSON.parse(lines.at(-1) ?? '');
    expect(report).toMatchObject({ level: 60, origin, errors: [{ name }] });
    if (name !== 'undefined') expect(report.errors[0].frames[0]).toMatch(/^at .*data:text/);
    expect(stderr).not.toContain('lonely');
  });
});

describe('the report', () => {
  test('names the code of a coded error and its causes, and holds no message', () => {
    const cause = new Error('somebody wrote:\n    at last I am free');
    const error = new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: 'of their words' }, cause);
    const report = crashReport(error, 'unhandledRejection');
    expect(report.errors.map(({ name, code }) => [name, code])).toEqual([
      ['RapportError', 'RAPPORT_E_STORE_UNAVAILABLE'],
      ['Error', undefined],
    ]);
    for (const { frames } of report.errors) expect(frames[0]).toMatch(/^at .*crash\.test\.ts/);
    expect(JSON.stringify(report)).not.toMatch(/words|free/);
  });
});
