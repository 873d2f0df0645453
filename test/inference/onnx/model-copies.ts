import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../config/root.js';

export const encoderFolder = join(packageRoot, 'models/encoder');

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rapport-'));
}

/** A copy of a model folder that a test may damage. */
export function copyOf(folder: string): string {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** Overwrites a file and makes model.json agree, so that only its content is wrong. */
export function replaceFile(folder: string, name: string, content: string): void {
  writeFileSync(join(folder, name), content);
  const manifest = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
    sha256: Record<string, string>;
  };
  manifest.sha256[name] = createHash('sha256').update(content).digest('hex');
  writeFileSync(join(folder, 'model.json'), JSON.stringify(manifest));
}
