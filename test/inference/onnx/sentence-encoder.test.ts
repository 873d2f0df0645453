import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { RapportError } from '../../../config/errors.js';
import { packageRoot } from '../../../config/root.js';
import { SentenceEncoder } from '../../../inference/onnx/sentence-encoder.js';
import { cosine } from '../../../inference/onnx/vector-matrix.js';
import { copyOf, encoderFolder, replaceFile } from './model-copies.js';

interface Reference {
  readonly text: string;
  readonly ids: readonly number[];
  /** The first 16 numbers of the original package's vector. */
  readonly vector: readonly number[];
}
const references = JSON.parse(readFileSync(join(encoderFolder, 'reference.json'), 'utf8')) as Reference[];
/** What int8 costs: the card states 0.011 as the largest difference of one number. */
const int8Tolerance = 0.012;

const encoder = new SentenceEncoder(encoderFolder);
afterAll(() => encoder.close());

describe('SentenceEncoder', () => {
  it('agrees with the original package', async () => {
    const vectors = await encoder.encode(references.map(({ text }) => text));
    let largest = 0;
    for (const [row, { vector }] of references.entries())
      for (const [i, value] of vector.entries())
        largest = Math.max(largest, Math.abs((vectors[row]?.[i] ?? 9) - value));
    expect(largest).toBeLessThan(int8Tolerance);
  });

  it('gives vectors of length 1, in order, the same for the same text', async () => {
    const [job, dog, again] = await encoder.encode(['I lost my job.', 'My dog is ill.', 'I lost my job.']);
    if (!job || !dog || !again) throw new Error('three vectors expected');
    expect(cosine(job, job)).toBeCloseTo(1, 4);
    expect(job).toEqual(again);
    expect(cosine(job, dog)).toBeLessThan(0.7);
    const [near] = await encoder.encode(['They fired me from work.']);
    expect(cosine(job, near ?? new Float32Array(512))).toBeGreaterThan(cosine(job, dog));
  });

  it('does not let a text change with its neighbours', async () => {
    const [alone] = await encoder.encode(['a quiet evening'], { remember: false });
    const [among] = await encoder.encode(['a quiet evening', 'x '.repeat(100)], { remember: false });
    expect(among).toEqual(alone);
  });

  it('takes the empty text, a long text and odd signs', async () => {
    const [empty, long, odd] = await encoder.encode(['', 'word '.repeat(5_000), '\u0000\ud800 🙂\n']);
    expect(empty?.every((value) => value === 0)).toBe(true);
    expect(cosine(long ?? new Float32Array(0), long ?? new Float32Array(0))).toBeCloseTo(1, 3);
    expect(odd?.length).toBe(512);
  });

  it('answers more texts than its cache holds', async () => {
    const small = new SentenceEncoder(encoderFolder, { capacity: 2 });
    const vectors = await small.encode(['one', 'two', 'three', 'four', 'one']);
    expect(vectors[4]).toEqual(vectors[0]);
    await small.close();
  });

  it('answers an urgent text before the bulk', async () => {
    const order: string[] = [];
    const texts = Array.from({ length: 60 }, (_, index) => `bulk text number ${index}`);
    const bulk = encoder.encode(texts, { urgent: false, remember: false }).then(() => order.push('bulk'));
    await encoder.encode(['somebody waits for this']).then(() => order.push('urgent'));
    await bulk;
    expect(order).toEqual(['urgent', 'bulk']);
  });

  it('leaves the event loop free', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await encoder.encode(
      Array.from({ length: 80 }, (_, index) => `Number ${index} was a long and tiring day at work.`),
    );
    delay.disable();
    expect(delay.percentile(90) / 1e6).toBeLessThan(50);
  });

  it('fails what is open when closed, and starts again when asked', async () => {
    const other = new SentenceEncoder(encoderFolder);
    const open = other.encode(Array.from({ length: 200 }, (_, index) => `line ${index}`));
    const failed = expect(open).rejects.toMatchObject({ code: 'RAPPORT_E_MODEL_UNAVAILABLE' });
    await other.close();
    await failed;
    expect(await other.encode(['again'])).toHaveLength(1);
    await other.close();
  });

  it('lets the process exit while it computes', () => {
    const compiled = pathToFileURL(join(packageRoot, 'dist/inference/onnx/sentence-encoder.js')).href;
    const script = `
      const { SentenceEncoder } = await import(${JSON.stringify(compiled)});
      const encoder = new SentenceEncoder(${JSON.stringify(encoderFolder)});
      await encoder.warm();
      encoder.encode(Array.from({ length: 400 }, (_, i) => 'a text of some length number ' + i)).catch(() => undefined);
      await encoder.encode(['one more']);
      process.exit(7);`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect([ended.status, ended.stderr]).toEqual([7, '']);
  });
});

describe('broken model files', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const damages: readonly [string, string, (folder: string) => void][] = [
    ['model.json', 'a missing model.json', (at) => rmSync(join(at, 'model.json'))],
    [
      'model.json',
      'a model.json that is not JSON',
      (at) => writeFileSync(join(at, 'model.json'), '{"name":'),
    ],
    ['model.json', 'a newer version', (at) => rewrite(at, { version: '9.0.0' })],
    ['model.json', 'a model.json without dimension', (at) => rewrite(at, { dimension: undefined })],
    ['model.onnx', 'missing weights', (at) => rmSync(join(at, 'model.onnx'))],
    ['model.onnx', 'changed weights', (at) => writeFileSync(join(at, 'model.onnx'), 'x')],
    ['model.onnx', 'weights that are no graph', (at) => replaceFile(at, 'model.onnx', 'not a graph')],
    ['tokenizer.json', 'a changed tokenizer', (at) => writeFileSync(join(at, 'tokenizer.json'), '{}')],
    [
      'tokenizer.json',
      'a tokenizer of no kind',
      (at) => replaceFile(at, 'tokenizer.json', '{"model":{"type":"?"}}'),
    ],
  ];
  it.each(damages)('names %s for %s', async (file, _what, damage) => {
    folder = copyOf(encoderFolder);
    damage(folder);
    const error = await loadError(folder);
    expect(error).toBeInstanceOf(RapportError);
    expect(error).toMatchObject({ code: 'RAPPORT_E_MODEL_FILE', details: { file: join(folder, file) } });
  });
});

async function loadError(folder: string): Promise<unknown> {
  try {
    const broken = new SentenceEncoder(folder);
    await broken.warm().finally(() => broken.close());
    return null;
  } catch (error) {
    return error;
  }
}

function rewrite(folder: string, changes: object): void {
  const file = join(folder, 'model.json');
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...Object(manifest), ...changes }));
}
