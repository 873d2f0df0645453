import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';

/** The layers and what each may import beside itself (docs/architecture.md). `test` may see everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  config: [],
  characters: ['config'],
  src: ['config', 'characters'],
  state: ['config', 'src'],
  inference: ['config', 'characters', 'src'],
  adapters: ['config', 'characters', 'src'],
  lab: ['config', 'characters', 'src', 'inference'],
  app: ['config', 'characters', 'src', 'state', 'inference', 'adapters'],
  bench: ['config', 'characters', 'src', 'state', 'inference', 'adapters', 'app', 'test'],
  cli: ['config', 'characters', 'src', 'state', 'inference', 'adapters', 'app', 'lab', 'bench'],
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

/** The folder right below `src/` that a path lies in; undefined for files of `src/` itself and for what is outside. */
function folderOfCore(path: string): string | undefined {
  const [layer, folder, ...rest] = relative(packageRoot, path).split('/');
  return layer === 'src' && rest.length > 0 ? folder : undefined;
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

  it('the core reads no files: what lies in them is handed to it', () => {
    const wrong = importsOf('src').filter(({ target }) => /^(node:fs(\/promises)?|yaml)$/.test(target));
    expect(wrong.map(({ file, target }) => `${relative(packageRoot, file)} imports ${target}`)).toEqual([]);
  });

  it('the core calls no loader of the configuration: what it loads is handed to the core', () => {
    const loaders = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) =>
        /\bload[A-Z]\w*,?[^;]*from '(\.\.\/)+config\//.test(
          readFileSync(join(packageRoot, 'src', name), 'utf8'),
        ),
      );
    expect(loaders).toEqual([]);
  });

  it('no folders of the core need each other in a circle', () => {
    const folders = new Map<string, Set<string>>();
    for (const { file, target } of importsOf('src').filter(({ target }) => target.startsWith('.'))) {
      const [from, to] = [file, join(dirname(file), target)].map(folderOfCore);
      if (from !== undefined && to !== undefined && from !== to)
        folders.set(from, (folders.get(from) ?? new Set()).add(to));
    }
    // What depends on nothing else any more is taken away until nothing is left, or only circles are.
    for (;;) {
      const free = [...folders].filter(([, needed]) => ![...needed].some((one) => folders.has(one)));
      if (free.length === 0) break;
      for (const [folder] of free) folders.delete(folder);
    }
    expect([...folders].map(([folder, needed]) => `${folder} needs ${[...needed].join(', ')}`)).toEqual([]);
  });

  it('no source file is longer than 500 lines', () => {
    const long = Object.keys(allowed)
      .flatMap((layer) => [...new Set(importsOf(layer).map(({ file }) => file))])
      .filter((file) => readFileSync(file, 'utf8').split('\n').length > 500);
    expect(long.map((file) => relative(packageRoot, file))).toEqual([]);
  });
});
