import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './root.js';

let known: ReadonlyMap<string, string> | undefined;

/** The emoji that a short name stands for (`cry`: 😢), by config/emoji.txt; undefined for any other name. */
export function emojiNamed(name: string): string | undefined {
  known ??= readNames();
  return known.get(name);
}

function readNames(): Map<string, string> {
  const lines = readFileSync(join(packageRoot, 'config', 'emoji.txt'), 'utf8').split('\n');
  return new Map(
    lines
      .filter((line) => !line.startsWith('# '))
      .flatMap((line) => {
        const [emoji = '', ...names] = line.split(' ');
        return names.map((name): [string, string] => [name, emoji]);
      }),
  );
}
