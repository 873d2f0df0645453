import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { EndpointPool } from '../../../lab/pipelines/engine/endpoints.js';
import { seededRandom } from '../../../lab/pipelines/engine/item.js';
import { jsonAnswer } from '../../../lab/pipelines/engine/json.js';
import { estimate, runStage } from '../../../lab/pipelines/engine/run.js';
import type { Stage } from '../../../lab/pipelines/engine/stage.js';
import { Unreadable } from '../../../lab/pipelines/engine/stage.js';
import { type AskedFor, answeringServer, type Scripted } from './answering-server.js';

interface In {
  readonly id: string;
}
interface Out {
  readonly id: string;
  readonly word: string;
  readonly drawn: number;
}

const stage: Stage<In, Out> = {
  name: 'test/words',
  input: z.object({ id: z.string() }),
  idOf: ({ id }) => id,
  idOfResult: ({ id }) => id,
  usual: { calls: 2, tokensIn: 100, tokensOut: 10 },
  version: 'words@1',
  run: async ({ id }, scope) => {
    const options = { maxTokens: 20 };
    const first = await scope.ask([{ role: 'user', content: `first ${id}` }], options);
    const { word } = await scope.askFor(
      [{ role: 'user', content: `second ${id} ${first}` }],
      options,
      jsonAnswer(z.object({ word: z.string() })),
    );
    return { id, word, drawn: scope.random() };
  },
};

let folder: string;
let closing: (() => void)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-pipeline-'));
  closing = [];
});
afterEach(() => {
  for (const close of closing) close();
  rmSync(folder, { recursive: true, force: true });
});

async function serving(script: (asked: AskedFor, n: number) => Scripted) {
  const server = await answeringServer(script);
  closing.push(server.close);
  return server;
}

function good({ messages }: AskedFor): Scripted {
  const last = messages.at(-1)?.content ?? '';
  return last.startsWith('second') ? `Here:\n\`\`\`json\n{"word":"${last.split(' ')[1]}"}\n\`\`\`` : 'begun';
}

const isB = ({ messages }: AskedFor) => /^\w+ b\b/.test(messages[0]?.content ?? '');

function input(ids: readonly string[]): string {
  const file = join(folder, 'in.jsonl');
  writeFileSync(file, ids.map((id) => `${JSON.stringify({ id })}\n`).join(''));
  return file;
}

function run(url: string | readonly string[], ids: readonly string[], seed = 1, perMinute?: number) {
  const urls = typeof url === 'string' ? [url] : url;
  const pool = new EndpointPool(
    urls.map((baseUrl) => ({ baseUrl, model: 'm', concurrency: 2, ...(perMinute && { perMinute }) })),
    { firstPauseMs: 1, attempts: 3 },
  );
  const options = { input: input(ids), out: join(folder, 'out.jsonl'), seed, asked: pool, width: pool.width };
  return runStage(stage, { ...options, model: 'm' });
}

const rows = () =>
  readFileSync(join(folder, 'out.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Out);

describe('the engine of the pipelines (issue 16 B)', () => {
  test('results stand in the order of the input, however the answers come, within the limit of requests at once', async () => {
    const server = await serving((asked, n) => {
      const answer = good(asked);
      return { slow: answer as string, ms: n % 3 === 0 ? 15 : 1 };
    });
    const ids = Array.from({ length: 9 }, (_, n) => `i${n}`);
    const result = await run(server.url, ids);
    expect(rows().map(({ id }) => id)).toEqual(ids);
    expect(rows().map(({ word }) => word)).toEqual(ids);
    expect(server.gauge.most).toBeLessThanOrEqual(2);
    expect(result).toMatchObject({ items: 9, made: 9, calls: 18, tokensIn: 180, tokensOut: 90, failed: [] });
    expect(existsSync(join(folder, 'out.jsonl.parts'))).toBe(false);
  });

  test('what is drawn and the seeds of requests follow from the seed and the id', async () => {
    const server = await serving(good);
    await run(server.url, ['a', 'b']);
    const [before, seeds] = [rows(), server.requests.map(({ seed }) => seed).sort()];
    rmSync(join(folder, 'out.jsonl'));
    await run(server.url, ['b', 'a']);
    expect(rows()).toEqual([before[1], before[0]]);
    expect(
      server.requests
        .slice(4)
        .map(({ seed }) => seed)
        .sort(),
    ).toEqual(seeds);
    expect(seededRandom('1:x')()).not.toBe(seededRandom('2:x')());
  });

  test('only missing ids are asked for; a failed one is named, left out and tried again', async () => {
    const server = await serving((asked) => (isB(asked) && broken ? 'no JSON' : good(asked)));
    let broken = true;
    const first = await run(server.url, ['a', 'b', 'c']);
    expect(first.failed).toEqual([{ id: 'b', reason: expect.stringContaining('4 tries') }]);
    expect(rows().map(({ id }) => id)).toEqual(['a', 'c']);
    broken = false;
    const asked = server.requests.length;
    const second = await run(server.url, ['a', 'b', 'c', 'd']);
    expect(second).toMatchObject({ items: 4, made: 2 });
    expect(server.requests.length - asked).toBe(4);
    expect(rows().map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('an unreadable answer is sent back with what is wrong; one that is cut off is asked for anew', async () => {
    const answers: Scripted[] = [
      'begun',
      '{"word": 3}',
      { cut: '{"word": "x' },
      '{"word":"x"} and {"more":1}',
    ];
    const server = await serving((_, n) => answers[n - 1] ?? 'too many');
    await run(server.url, ['a']);
    expect(rows()[0]?.word).toBe('x');
    expect(server.requests[2]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(server.requests[2]?.messages[2]?.content).toContain('word');
    expect(server.requests[3]?.messages).toHaveLength(1);
  });

  test('a busy or failing server is tried again; a refused key ends the run and keeps what there is', async () => {
    const server = await serving((asked, n) =>
      n === 1 ? { status: 503 } : n === 3 ? { status: 429 } : good(asked),
    );
    expect(await run(server.url, ['a'])).toMatchObject({ made: 1, calls: 2 });
    const closed = await serving(() => ({ status: 401 }));
    await expect(run(closed.url, ['a', 'b'])).rejects.toMatchObject({ code: 'RAPPORT_E_MODEL_REFUSED' });
    expect(rows()).toHaveLength(1);
  });

  test('several endpoints share the work, and requests a minute are kept', async () => {
    const [one, other] = [
      await serving((a) => ({ slow: good(a) as string, ms: 5 })),
      await serving((a) => ({ slow: good(a) as string, ms: 5 })),
    ];
    const started = Date.now();
    await run([one.url, other.url], ['a', 'b', 'c', 'd'], 1, 1200);
    expect(one.requests.length).toBeGreaterThan(0);
    expect(other.requests.length).toBeGreaterThan(0);
    // Eight requests, four an endpoint, 50 ms apart.
    expect(Date.now() - started).toBeGreaterThanOrEqual(140);
  });

  test('every key is used, each from its own variable (bug 2 of the CharacterChat scripts)', async () => {
    vi.stubEnv('PIPELINE_KEY_A', 'one');
    vi.stubEnv('PIPELINE_KEY_B', 'two');
    const server = await serving((asked) => ({ slow: good(asked) as string, ms: 5 }));
    const asked = new EndpointPool(
      ['PIPELINE_KEY_A', 'PIPELINE_KEY_B'].map((keyEnv) => ({
        baseUrl: server.url,
        model: 'm',
        keyEnv,
        concurrency: 1,
      })),
    );
    const options = { input: input(['a', 'b', 'c']), out: join(folder, 'out.jsonl'), seed: 1, model: 'm' };
    await runStage(stage, { ...options, asked, width: asked.width });
    vi.unstubAllEnvs();
    expect(new Set(server.requests.map(({ key }) => key))).toEqual(new Set(['Bearer one', 'Bearer two']));
    expect(rows().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('a run of another seed is not mixed in; the same id twice is refused', async () => {
    const server = await serving((asked) => (isB(asked) ? 'no JSON' : good(asked)));
    await run(server.url, ['a', 'b']);
    await expect(run(server.url, ['a', 'b'], 2)).rejects.toMatchObject({ code: 'RAPPORT_E_USAGE' });
    await expect(run(server.url, ['a', 'a'])).rejects.toMatchObject({ code: 'RAPPORT_E_INPUT_INVALID' });
  });

  test('an estimate asks nothing and writes nothing', async () => {
    const out = join(folder, 'out.jsonl');
    expect(await estimate(stage, { input: input(['a', 'b']), out })).toEqual({
      items: 2,
      calls: 4,
      tokensIn: 400,
      tokensOut: 40,
    });
    expect(existsSync(`${out}.parts`)).toBe(false);
  });

  test('the first whole object of an answer is read, also with braces in strings and words after it', () => {
    const read = jsonAnswer(z.looseObject({ a: z.string() }));
    expect(read('So: {"a":"}{ \\" {"} {"b":2}')).toEqual({ a: '}{ " {' });
    expect(read('{"a": "cut')).toBeInstanceOf(Unreadable);
    expect(read('none')).toBeInstanceOf(Unreadable);
  });
});
