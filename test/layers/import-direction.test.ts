import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';

/** The layers and what each may import beside itself (docs/architecture.md). `test` may see everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  config: [],
  characters: ['config'],
  src: ['config', 'characters'],
  inference: ['config', 'characters', 'src'],
  adapters: ['config', 'characters', 'src'],
  lab: ['config', 'characters', 'src', 'inference'],
  app: ['config', 'characters', 'src', 'inference', 'adapters'],
  bench: ['config', 'characters', 'src', 'inference', 'adapters', 'app', 'test'],
  cli: ['config', 'characters', 'src', 'inference', 'adapters', 'app', 'lab', 'bench'],
};

/** What the core must never know: platform SDKs, web frameworks and model runtimes. */
const notInTheCore =
  /^(discord\.js|@discordjs\/|@slack\/|openai$|hono|@hono\/|onnxruntime|@huggingface\/|preact)/;

interface Import {
  readonly file: string;
  readonly target: string;
}

function importsOf(layer: string): Import[] {
  const files = readdirSync(join(packageRoot, layer), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(packageRoot, layer, name));
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => ({
      file,
      target,
    })),
  );
}

function layerOf({ file, target }: Import): string {
  return relative(packageRoot, join(dirname(file), target)).split('/')[0] ?? '';
}

describe('imports run one way', () => {
  it.each(Object.keys(allowed))('%s', (layer) => {
    const imports = importsOf(layer).filter(({ target }) => target.startsWith('.'));
    expect(imports.length).toBeGreaterThan(0);
    const wrong = imports.filter((found) => ![layer, ...(allowed[layer] ?? [])].includes(layerOf(found)));
    expect(wrong.map((found) => `${relative(packageRoot, found.file)} imports ${found.target}`)).toEqual([]);
  });

  it('the core imports no platform SDK and no model runtime', () => {
    const wrong = ['config', 'characters', 'src']
      .flatMap(importsOf)
      .filter(({ target }) => notInTheCore.test(target));
    expect(wrong.map(({ file, target }) => `${relative(packageRoot, file)} imports ${target}`)).toEqual([]);
  });

  it('no source file is longer than 500 lines', () => {
    const long = Object.keys(allowed)
      .flatMap((layer) => [...new Set(importsOf(layer).map(({ file }) => file))])
      .filter((file) => readFileSync(file, 'utf8').split('\n').length > 500);
    expect(long.map((file) => relative(packageRoot, file))).toEqual([]);
  });
});
