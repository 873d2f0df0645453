// Registry mirrors that serve only some platforms make npm leave the other platforms' optional packages out of the
// lockfile, and `npm ci` (npm 11) then refuses it. This adds them: name, exact version and platform as their names tell.
// Run after `npm install` behind such a mirror.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** What a package's name says about where it runs: `binding-linux-arm64-musl`. */
function platformOf(name) {
  const parts = name.split('/').pop().split(/[-.]/);
  const os = systems.filter((system) => parts.includes(system));
  const cpu = processors.filter(
    (processor) => parts.includes(processor) || parts.includes(processor.replace('64', '64gc')),
  );
  const libc = parts.some((part) => part.startsWith('musl'))
    ? ['musl']
    : parts.some((part) => part === 'gnu')
      ? ['glibc']
      : [];
  return { ...(cpu.length && { cpu }), ...(os.length && { os }), ...(libc.length && { libc }) };
}

let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    if (places.some((place) => lock.packages[place])) continue;
    const exact = /(\d+\.\d+\.\d+[\w.+-]*)$/.exec(version)?.[1];
    if (!exact) throw new Error(`${name}: "${version}" names no version`);
    lock.packages[`node_modules/${name}`] = {
      version: exact,
      ...platformOf(name),
      ...(entry.dev && { dev: true }),
      optional: true,
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stderr.write(`${added} platform packages added\n`);
