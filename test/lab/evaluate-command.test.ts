import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { CliRunner, temporaryFolder } from '../cli/run-cli.js';

const folder = temporaryFolder();
const cli = new CliRunner(folder.path);
afterAll(folder.remove);

const fixtures = join(packageRoot, 'test/fixtures/evaluation');
const dialogues = join(fixtures, 'dialogues.jsonl');
const cases = join(folder.path, 'cases');
mkdirSync(cases);

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

test('generation prints its figures as JSON, what was asked for beside them, and reads the hypotheses', async () => {
  const data = join(cases, 'generation.jsonl');
  const predictions = join(cases, 'generation.predicted.jsonl');
  writeFileSync(data, '{"id":"a","references":["Thank you."]}\n{"id":2,"references":[["I","am","fine"]]}\n');
  const rows = '{"id":2,"hypothesis":["I","am","fine"]}\n{"id":"a","hypothesis":"Thank you."}\n';
  writeFileSync(predictions, rows);
  const args = ['evaluate', 'generation', '--data', data, '--predictions', predictions];
  const plain = await cli.json<object>(args);
  expect(plain).toEqual({ task: 'generation', n: 2, metrics: expect.objectContaining({ rougeL: 1, f1: 1 }) });
  const more = await cli.json<{ rows: object[] }>([
    ...args,
    '--per-row',
    '--intervals',
    '--against',
    predictions,
  ]);
  expect(Object.keys(more)).toEqual(['task', 'n', 'metrics', 'intervals', 'paired', 'rows']);
  expect(more.rows.map((row) => 'id' in row && row.id)).toEqual(['a', 2]);
  expect(readFileSync(predictions, 'utf8')).toBe(rows);
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
  [['evaluate', 'strategy', '--data', dialogues, '--per-row'], 2, /--per-row goes with: generation/],
  [['evaluate', 'papers', '--data', dialogues, '--predictions', 'x'], 2, /--predictions goes with/],
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

const ownRows: Record<string, readonly object[]> = {
  care: [
    { text: 'I want to kill myself tonight.', risk: 'attempt' },
    { text: 'The train was late again.', risk: null },
  ],
  facts: [
    { facts: ['I am vegan.', 'My sister is Ana.'], question: 'What is my sister called?', answer_fact: 1 },
    { facts: ['I am vegan.', 'My sister is Ana.'], question: 'Nice weather today.', answer_fact: null },
  ],
  recall: [
    {
      sessions: [
        {
          turns: [
            { id: 't1', speaker: 'Jo', text: 'My dog Pip ran away in the park.' },
            { id: 't2', speaker: 'Al', text: 'The bakery sells rye on Mondays.' },
          ],
        },
      ],
      questions: [{ question: 'What was the dog called?', evidence: ['t1'] }],
    },
  ],
};

test.each([
  ['care', null, 2],
  ['facts', null, 2],
  ['recall', null, 1],
  ['memory-selector', 'dialogues.jsonl', 2],
  ['persona-score', 'persona-score.jsonl', 3],
  ['strategy', 'dialogues.jsonl', 4],
  ['emotion', 'emotions.jsonl', 5],
])('F.4: %s writes what it predicted, a row a case', async (task, file, n) => {
  const data = file ? join(fixtures, file) : join(cases, `${task}.jsonl`);
  if (!file) writeFileSync(data, (ownRows[task] ?? []).map((row) => JSON.stringify(row)).join('\n'));
  const out = join(cases, `${task}.predicted.jsonl`);
  const report = await cli.json<{ n: number }>(['evaluate', task, '--data', data, '--predictions', out]);
  const rows = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(rows).toHaveLength(n);
  expect(report.n).toBe(n);
  const lines = readFileSync(data, 'utf8').split('\n');
  for (const row of rows) {
    expect(row).toMatchObject({ line: expect.any(Number) });
    expect(lines[Number(row.line) - 1]).toMatch(/^\{/);
    expect(row).toHaveProperty('expected');
    expect(row).toHaveProperty('predicted');
  }
  const predicted = rows.map(({ expected, predicted }) => ({ expected, predicted }));
  if (task === 'care')
    expect(predicted).toEqual([
      { expected: true, predicted: true },
      { expected: false, predicted: false },
    ]);
  if (task === 'facts') expect(predicted[0]).toEqual({ expected: 1, predicted: 1 });
  if (task === 'recall') expect(predicted).toEqual([{ expected: ['t1'], predicted: ['t1', 't2'] }]);
});

test('F.4: predictions never overwrite the data, and a file that cannot be written is named before any work', async () => {
  const data = join(cases, 'kept.jsonl');
  writeFileSync(data, '{"text":"Hello."}\n');
  const same = await cli.run(['evaluate', 'care', '--data', data, '--predictions', data]);
  expect([same.code, readFileSync(data, 'utf8')]).toEqual([2, '{"text":"Hello."}\n']);
  const nowhere = join(cases, 'no', 'where.jsonl');
  const failed = await cli.run(['evaluate', 'care', '--data', data, '--predictions', nowhere]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(nowhere);
});
