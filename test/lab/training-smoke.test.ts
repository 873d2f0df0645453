import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';

/** The Python with torch: `RAPPORT_PYTHON`, else python3 on PATH. */
const python = process.env.RAPPORT_PYTHON ?? 'python3';
const probe = spawnSync(
  python,
  ['-c', 'import torch, transformers, onnx, onnxruntime, tokenizers, matplotlib'],
  {
    encoding: 'utf8',
  },
);
const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1) ?? '';

const smokes = [
  ['scorers.smoke', 'smoke: all trainings ran'],
  ['supporter_mini.smoke', "smoke: the chat model's steps ran"],
  ['voice.smoke', 'smoke: the voice and the care reader ran'],
] as const;

it.for(smokes)(
  '%s runs from the first file to the last on made-up dialogues',
  { timeout: 600_000 },
  async ([module, end], { skip }) => {
    skip(probe.status !== 0, `${python} cannot train here (${reason}); set RAPPORT_PYTHON to one with torch`);
    const folder = join(packageRoot, 'lab/training');
    const child = spawn(python, ['-m', module], {
      cwd: folder,
      env: { ...process.env, PYTHONPATH: folder },
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      output += data.toString();
    });
    const [code] = await once(child, 'close');
    expect(code, output).toBe(0);
    expect(output).toContain(end);
  },
);
