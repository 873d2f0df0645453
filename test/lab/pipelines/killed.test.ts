import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CliRunner, collect, temporaryFolder } from '../../cli/run-cli.js';
import { answeringServer } from './answering-server.js';

const profile = JSON.stringify(
  Object.fromEntries(
    'name gender age region tone job personality advantages_and_disadvantages hobby growth_experience family_relationship working_conditions social_relationship emotional_state living_conditions recent_worry_or_anxiety'
      .split(' ')
      .map((key) => [key, `some ${key}`]),
  ),
);

test('kill -9 loses no answer that came and repeats none (issue 16 B)', async () => {
  const folder = temporaryFolder();
  let hangs = true;
  let hung = () => {};
  const reached = new Promise<void>((resolve) => {
    hung = resolve;
  });
  const server = await answeringServer((_, n) => {
    if (!hangs || n < 4) return profile;
    hung();
    return 'HANG';
  });
  try {
    const file = join(folder.path, 'in.jsonl');
    writeFileSync(
      file,
      [0, 1, 2].map((index) => `{"index":${index},"mbti":"INTJ","description":"d${index}"}\n`).join(''),
    );
    const cli = new CliRunner(folder.path, { MODEL_BASE_URL: server.url, MODEL_NAME: 'm' });
    const args = [
      'pipeline',
      'characterchat',
      'profiles',
      '--in',
      file,
      '--out',
      join(folder.path, 'out.jsonl'),
    ];
    const child = cli.start([...args, '--concurrency', '1']);
    const ended = collect(child);
    await reached;
    child.kill('SIGKILL');
    await ended;
    hangs = false;
    // Item 0 is whole, item 1 has its first answer; only its second, which never came, is asked for again.
    const result = await cli.json<{ items: number; made: number; calls: number }>(args);
    expect(result).toMatchObject({ items: 3, made: 2, calls: 3, failed: 0 });
    expect(server.requests).toHaveLength(4 + 3);
    const rows = readFileSync(join(folder.path, 'out.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2]);
  } finally {
    server.close();
    rmSync(folder.path, { recursive: true, force: true });
  }
});
