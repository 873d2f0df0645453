import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';

/** The rooms of the house and what each may import from (docs/architecture.md). `bench` and `test` may see everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  config: ['config'],
  characters: ['config', 'characters'],
  src: ['config', 'characters', 'src'],
  inference: ['config', 'characters', 'src', 'inference'],
  adapters: ['config', 'characters', 'src', 'adapters'],
  lab: ['config', 'characters', 'src', 'inference', 'lab'],
  cli: ['config', 'characters', 'src', 'inference', 'adapters', 'lab', 'bench', 'cli'],
};

/** What the core must never know: platform SDKs, web frameworks and model runtimes. */
const notInTheCore =
  /^(discord\.js|@discordjs\/|@slack\/|openai$|hono|@hono\/|onnxruntime|@huggingface\/|preact)/;

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(room: string): Import[] {
  const files = readdirSync(join(packageRoot, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(packageRoot, room, name));
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => ({
      file,
      target,
    })),
  );
}

function roomOf({ file, target }: Import): string {
  return relative(packageRoot, join(dirname(file), target)).split('/')[0] ?? '';
}

describe('imports run one way', () => {
  it.each(Object.keys(allowed))('%s', (room) => {
    const imports = importsOf(room).filter(({ target }) => target.startsWith('.'));
    expect(imports.length).toBeGreaterThan(room === 'lab' ? -1 : 0);
    const wrong = imports.filter((found) => !allowed[room]?.includes(roomOf(found)));
    expect(wrong.map((found) => `${relative(packageRoot, found.file)} imports ${found.target}`)).toEqual([]);
  });

  it('the core imports no platform SDK and no model runtime', () => {
    const wrong = ['config', 'characters', 'src']
      .flatMap(importsOf)
      .filter(({ target }) => notInTheCore.test(target));
    expect(wrong.map(({ file, target }) => `${relative(packageRoot, file)} imports ${target}`)).toEqual([]);
  });

  it('no source file is longer than 400 lines', () => {
    const long = Object.keys(allowed)
      .flatMap((room) => [...new Set(importsOf(room).map(({ file }) => file))])
      .filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
    expect(long.map((file) => relative(packageRoot, file))).toEqual([]);
  });
});
