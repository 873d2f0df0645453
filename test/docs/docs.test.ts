import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';

const read = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');
const markdownIn = (folder: string): string[] =>
  readdirSync(join(packageRoot, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = ['', 'docs', 'docs/decisions', 'deploy', 'characters', 'models'].flatMap(markdownIn);

/** What a page writes as code and what looks like a path into the repository. */
function pathsIn(page: string): string[] {
  const ours = readdirSync(packageRoot).filter((name) => !name.startsWith('.'));
  return [...read(page).matchAll(/`([\w@.-]+\/[\w@./-]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => ours.includes(path.split('/')[0] ?? ''));
}

describe('the documents', () => {
  it('the README is read in two minutes', () => {
    expect(read('README.md').split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(500);
  });

  it.each(pages)('%s links to what is there', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, target = '']) => target.split('#')[0],
    );
    const missing = targets.filter(
      (target) => target && !/^\w+:/.test(target) && !existsSync(join(packageRoot, dirname(page), target)),
    );
    expect(missing).toEqual([]);
  });

  it.each(['AGENTS.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/how-it-works.md'])(
    '%s names files and folders that are there',
    (page) => {
      expect(pathsIn(page).filter((path) => !existsSync(join(packageRoot, path)))).toEqual([]);
    },
  );

  it('a message is followed from where it comes in to its commit in fourteen files (issue 11, 3)', () => {
    const [, list = ''] = read('docs/architecture.md').split('Read these files in this order');
    const files = [...(list.split('\n## ')[0] ?? '').matchAll(/^\d+\. `([^`]+)`/gm)].map(
      ([, file = '']) => file,
    );
    expect(files[0]).toContain('/gateway/');
    expect(read('AGENTS.md')).toContain('the fourteen files');
    expect(files).toHaveLength(14);
  });

  it('the picture of the layers shows the imports as they are', () => {
    const script = join(packageRoot, 'scripts/layers-diagram.mjs');
    expect(() => execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).not.toThrow();
  });
});
