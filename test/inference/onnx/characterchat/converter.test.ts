import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../config/root.js';
import { CharacterChatSelector } from '../../../../inference/onnx/characterchat/characterchat-selector.js';
import { temporaryFolder } from '../model-copies.js';

const python = process.env.RAPPORT_PYTHON ?? 'python3';
const training = join(packageRoot, 'lab/training');
const hasTorch =
  spawnSync(python, ['-c', 'import torch, transformers, onnx, onnxruntime'], { timeout: 60_000 }).status ===
  0;

/** The converters on checkpoints made on the spot; needs PyTorch (RAPPORT_PYTHON names the interpreter). */
describe.skipIf(!hasTorch)(`the converters${hasTorch ? '' : ' (skipped: torch cannot be imported)'}`, () => {
  it('turn checkpoints of the original form into folders the server loads', {
    timeout: 180_000,
  }, async () => {
    const out = temporaryFolder();
    const { status, stderr } = spawnSync(python, ['-W', 'ignore', '-m', 'convert.tiny', '--out', out], {
      cwd: training,
      env: { ...process.env, PYTHONPATH: training, OMP_NUM_THREADS: '1' },
      encoding: 'utf8',
      timeout: 170_000,
    });
    expect(status, stderr).toBe(0);
    const expected = JSON.parse(readFileSync(join(out, 'memory-selector/expected.json'), 'utf8')) as {
      pairs: readonly { readonly history: string; readonly info: string; readonly score: number }[];
    };
    const selector = await CharacterChatSelector.load(join(out, 'memory-selector'));
    try {
      for (const { info, score } of expected.pairs.filter(({ history }) => history === '')) {
        const { considered } = await selector.select([], [{ aspect: 'x', text: info }], 1);
        expect(considered[0]?.score).toBeCloseTo(score, 3);
      }
    } finally {
      await selector.close();
    }
  });

  it('say what is wrong with a file that is no checkpoint', { timeout: 60_000 }, () => {
    const { status, stderr } = spawnSync(
      python,
      [
        '-m',
        'convert.persona_score',
        join(packageRoot, 'package.json'),
        '--tokenizer',
        packageRoot,
        '--out',
        temporaryFolder(),
      ],
      { cwd: training, env: { ...process.env, PYTHONPATH: training }, encoding: 'utf8', timeout: 60_000 },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('package.json cannot be read as a PyTorch checkpoint');
    expect(stderr).not.toContain('Traceback');
  });
});
