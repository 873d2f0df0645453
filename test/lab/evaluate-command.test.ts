import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { CliRunner, temporaryFolder } from '../cli/run-cli.js';

const folder = temporaryFolder();
const cli = new CliRunner(folder.path);
afterAll(folder.remove);

const fixtures = join(packageRoot, 'test/fixtures/evaluation');
const dialogues = join(fixtures, 'dialogues.jsonl');

test.each([
  [
    'memory-selector',
    'dialogues.jsonl',
    2,
    ['top1', 'mrr', 'ndcg3', 'ndcg3Seeker', 'ndcg3Supporter', 'top1OwnPicks', 'mrrOwnPicks', 'ndcg3OwnPicks'],
  ],
  ['persona-score', 'persona-score.jsonl', 3, ['mse', 'constantMse', 'spearman']],
  ['strategy', 'dialogues.jsonl', 4, ['accuracy', 'macroF1', 'weightedF1', 'preferenceBias']],
  ['emotion', 'emotions.jsonl', 5, ['accuracy', 'macroF1', 'weightedF1', 'top3', 'ece']],
  [
    'chat-model',
    'dialogues.jsonl',
    4,
    [
      'bitsPerByte',
      'distinct1',
      'distinct2',
      'loopRate',
      'personaF1',
      'goalFollowing',
      'goalByChance',
      'tokensPerSecond',
    ],
  ],
])('%s prints its figures as JSON', async (task, file, n, names) => {
  const report = await cli.json<{ metrics: Record<string, unknown> }>([
    'evaluate',
    task,
    '--data',
    join(fixtures, file),
  ]);
  expect(report).toEqual({ task, n, metrics: expect.any(Object) });
  expect(Object.keys(report.metrics)).toEqual(names);
  for (const value of Object.values(report.metrics)) expect([null, expect.any(Number)]).toContainEqual(value);
});

test('for reading: a line a figure; what to know goes to stderr, without a bar where nobody watches', async () => {
  const args = ['evaluate', 'strategy', '--data', dialogues, '--split', 'valid', '--limit', '1'];
  const { code, stdout, stderr } = await cli.run(args);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^n +1\naccuracy +\d\.\d{3}\nmacroF1 +\d\.\d{3}\nweightedF1 +\d\.\d{3}\npreferenceBias +\d/,
  );
  expect(stderr).toBe('planner: strategy-planner 1.0.0\n');
});

test.each([
  [['evaluate', 'charm', '--data', dialogues], 2, /RAPPORT_E_USAGE: There is no evaluation "charm"/],
  [['evaluate', 'strategy'], 2, /--data/],
  [['evaluate', 'strategy', '--data', dialogues, '--limit', '0'], 2, /whole number/],
  [['evaluate', 'strategy', '--data', 'nowhere.jsonl'], 1, /RAPPORT_E_FILE_UNREADABLE: .*nowhere\.jsonl/],
  [
    ['evaluate', 'persona-score', '--data', dialogues],
    1,
    /RAPPORT_E_INPUT_INVALID: .*dialogues\.jsonl:1: seeker_statement/,
  ],
])('%j ends with %i and says why', async (args, exit, reason) => {
  const { code, stdout, stderr } = await cli.run(args);
  expect(stderr).toMatch(reason);
  expect(code).toBe(exit);
  expect(stdout).toBe('');
});
