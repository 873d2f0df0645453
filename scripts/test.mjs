// `npm test`: makes sure that what the suites need is there (a real redis-server, a real Chromium), then runs vitest.
// Found on PATH or by REDIS_SERVER_PATH / CHROMIUM_PATH; else installed where this is root on Debian or Ubuntu; else says what to type.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function onPath(...names) {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not here
      }
    }
  return null;
}

const needs = [
  { packageName: 'redis-server', variable: 'REDIS_SERVER_PATH', find: () => onPath('redis-server') },
  {
    packageName: 'chromium',
    variable: 'CHROMIUM_PATH',
    find: () => onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'),
  },
];
const found = ({ variable, find }) =>
  process.env[variable] && existsSync(process.env[variable]) ? process.env[variable] : find();
let missing = needs.filter((need) => !found(need));
if (missing.length > 0 && process.getuid?.() === 0 && onPath('apt-get')) {
  const names = missing.map(({ packageName }) => packageName);
  process.stderr.write(`installing ${names.join(' and ')} for the tests …\n`);
  const run = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  run('update', '-qq');
  run('install', '-y', '-qq', '--no-install-recommends', ...names);
  missing = needs.filter((need) => !found(need));
}
if (missing.length > 0) {
  const names = missing.map(({ packageName }) => packageName).join(' ');
  process.stderr.write(
    `The tests need ${names}. Install with:\n  sudo apt-get install -y ${names}\nor name the programs in ${missing.map(({ variable }) => variable).join(', ')}.\n`,
  );
  process.exit(1);
}
const env = { ...process.env };
for (const need of needs) env[need.variable] = found(need);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const result = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env,
});
process.exit(result.status ?? 1);
