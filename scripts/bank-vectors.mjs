// Writes models/persona-score/bank-vectors.bin, the vectors of the shipped characters: run after a change to characters/bank, to the
// themes or to models/encoder (a test tells when it is due).
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';

await build({ page: false });
const { loadBank } = await import('../dist/characters/bank.js');
const { loadThemes } = await import('../dist/config/themes.js');
const { SentenceEncoder } = await import('../dist/inference/onnx/sentence-encoder.js');
const { EncoderPersonaScorer } = await import('../dist/inference/onnx/encoder-persona-scorer.js');

const root = join(import.meta.dirname, '..');
const dataDir = mkdtempSync(join(tmpdir(), 'bank-vectors-'));
const logger = { debug() {}, info() {}, warn: console.warn, error: console.error };
const encoder = new SentenceEncoder(join(root, 'models/encoder'));
const scorer = new EncoderPersonaScorer({
  encoder,
  themes: loadThemes(),
  dataDir,
  logger,
  say: (key) => key,
});
await scorer.prepare(loadBank([join(root, 'characters/bank')]).all);
await encoder.close();
copyFileSync(join(dataDir, 'cache/bank-vectors.bin'), join(root, 'models/persona-score/bank-vectors.bin'));
rmSync(dataDir, { recursive: true });
