import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../config/root.js';
import { type Decoder, loadDecoder } from '../../../inference/embedded/decoder.js';
import { createEmbeddedModel } from '../../../inference/embedded/embedded-chat-model.js';
import { systemClock } from '../../../src/clock.js';
import { silentLogger } from '../../../src/telemetry/logger.js';
import { temporaryFolder } from '../onnx/model-copies.js';

/** Random weights in the voice's layout (`python -m voice.tiny`). */
const folder = join(packageRoot, 'test/fixtures/tiny-voice');
const ids = Array.from({ length: 40 }, (_, place) => 3 + ((place * 37) % 200));

describe('a decoder whose cache is written in place', () => {
  let decoder: Decoder;
  beforeAll(async () => {
    decoder = await loadDecoder(join(folder, 'model.onnx'), 1);
  });

  /** Logits behind the last of `all`, read at once. */
  const behind = async (all: readonly number[]): Promise<Float32Array> =>
    (await decoder.logits(all)).at(-1) ?? new Float32Array(0);

  it('continues a prompt as if it had read everything at once', async () => {
    let rows = await decoder.begin(ids, 2, 8);
    expect(rows.logits[0]).toBeCloseToAll(await behind(ids));
    rows = await rows.step([11, 12]);
    rows = await rows.step([13, 14]);
    expect(rows.logits[0]).toBeCloseToAll(await behind([...ids, 11, 13]));
    expect(rows.logits[1]).toBeCloseToAll(await behind([...ids, 12, 14]));
  });

  it('goes on with the rows that are picked', async () => {
    let rows = await (await decoder.begin(ids, 3, 8)).step([11, 12, 13]);
    rows = await rows.pick([2]).step([14]);
    expect(rows.logits).toHaveLength(1);
    expect(rows.logits[0]).toBeCloseToAll(await behind([...ids, 13, 14]));
  });

  it('shares the beginning of a prompt with the one before, and reads the rest anew', async () => {
    await decoder.begin([...ids, 50, 51, 52], 1, 4);
    const next = [...ids, 60, 61, 62, 63];
    const rows = await decoder.begin(next, 1, 4);
    expect(rows.logits[0]).toBeCloseToAll(await behind(next));
  });

  it('reads the same prompt again', async () => {
    await decoder.begin(ids, 1, 4);
    const rows = await decoder.begin(ids, 1, 4);
    expect(rows.logits[0]).toBeCloseToAll(await behind(ids));
  });

  it('refuses more than it has room for', async () => {
    let rows = await decoder.begin(ids, 1, 1);
    const write = async (): Promise<void> => {
      for (let n = 0; n < 200; n += 1) rows = await rows.step([11]);
    };
    await expect(write()).rejects.toThrow(RangeError);
  });
});

it('a folder in that layout serves as the embedded model, with several replies at once', async () => {
  const model = createEmbeddedModel({
    model: folder,
    dataDir: temporaryFolder(),
    candidates: 3,
    threads: 1,
    logger: silentLogger,
    clock: systemClock,
  });
  try {
    expect(model).toMatchObject({ format: 'voice', contextTokens: 2_048 });
    const body = { model: 'm', prompt: '<|im_start|>user\nhello<|im_end|>\n', max_tokens: 12, seed: 3 };
    const deltas = [];
    for await (const delta of model.stream(
      { endpoint: 'completions', body },
      {
        signal: new AbortController().signal,
        affinity: 'a',
        rank: { lastMessage: 'hello', persona: '', memory: null, goal: null },
      },
    ))
      deltas.push(delta);
    expect(deltas.at(-1)).toMatchObject({ type: 'done', usage: { promptTokens: 13 } });
  } finally {
    await model.close();
  }
});

expect.extend({
  toBeCloseToAll(found: Float32Array | undefined, wanted: Float32Array) {
    const gaps = [...wanted].map((value, place) => Math.abs(value - (found?.[place] ?? Number.NaN)));
    const worst = Math.max(...gaps);
    return {
      pass: found?.length === wanted.length && wanted.length > 0 && worst < 0.05,
      message: () => `the largest difference is ${worst}`,
    };
  },
});

declare module 'vitest' {
  interface Matchers {
    toBeCloseToAll(wanted: Float32Array): void;
  }
}
