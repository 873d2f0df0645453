// Builds Rapport: TypeScript is transpiled file by file into dist/ (same tree), the page is bundled by Vite into dist/web.
// A part is built only if one of its sources changed; progress goes to stderr, so a command's stdout stays clean.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const PAGE = 'adapters/web/page';

/** All files below `folder` with one of `extensions`, skipping `except` folders (paths relative to the root). */
function files(folder, extensions, except = []) {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !except.some((folder) => path.startsWith(folder)) && !path.includes('node_modules'));
}

/** Content-independent but cheap stamp of a set of files: names, sizes, modification times. */
function stamp(paths) {
  const hash = createHash('sha256');
  for (const path of paths.sort()) {
    const info = statSync(join(root, path));
    hash.update(`${path}:${info.size}:${info.mtimeMs};`);
  }
  return hash.digest('hex');
}

async function part(name, paths, build) {
  const file = join(dist, `.${name}.stamp`);
  const now = stamp(paths);
  if (existsSync(file) && readFileSync(file, 'utf8') === now) return;
  process.stderr.write(`building ${name} …\n`);
  await build(paths);
  mkdirSync(dist, { recursive: true });
  writeFileSync(file, now);
}

/** Brings dist/ up to date. `page: false` skips the web page (commands that never serve it). */
export async function build({ page = true } = {}) {
  // (the doubles are for the benchmarks)
  const folders = [
    'config',
    'characters',
    'src',
    'state',
    'inference',
    'adapters',
    'app',
    'cli',
    'lab',
    'bench',
    'test/doubles',
  ];
  const sources = folders.flatMap((folder) => files(folder, ['.ts'], [`${PAGE}/`, 'lab/training/']));
  await part('server', [...sources, 'package.json'], async () => {
    const esbuild = await import('esbuild');
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: sources,
      outbase: '.',
      outdir: 'dist',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      logLevel: 'warning',
    });
    for (const stale of files('dist', ['.js']).filter((path) => !path.startsWith('dist/web/')))
      if (!existsSync(join(root, stale.slice('dist/'.length).replace(/\.js$/, '.ts'))))
        rmSync(join(root, stale));
  });
  const pageFiles = [
    ...files(PAGE, ['.ts', '.tsx', '.css', '.html', '.svg']),
    ...files('config/locales', ['.yaml']),
  ];
  if (page && existsSync(join(root, PAGE, 'index.html')))
    await part('page', [...pageFiles, 'package.json'], async () => {
      const vite = await import('vite');
      await vite.build({
        root: join(root, PAGE),
        configFile: join(root, PAGE, 'vite.config.ts'),
        logLevel: 'warn',
      });
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
}
