import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { systemClock } from '../../src/clock.js';
import type { OutgoingMessage, Receipt, ReplyAddress } from '../../src/delivery/adapter.js';
import { messageId } from '../../src/ids.js';
import type { Store } from '../../src/state/store.js';
import { openEmbeddedStore } from '../../state/embedded/embedded-store.js';
import { openRedisStore } from '../../state/redis/redis-store.js';
import { PlatformDouble } from '../doubles/platform-double.js';
import { type RedisServer, startRedisServer } from '../doubles/redis-server.js';
import { ScriptedModel, says } from '../session/scripted-model.js';
import { bank, say, talk, World } from '../session/world.js';
import type { PlatformCallMessage, VictimOptions } from './victim.js';

/** Every moment of a turn at which something has just become durable or visible, or is about to. */
const moments = [
  'inbox.record#1:before',
  'inbox.record#1:after',
  'lease.acquire#1:after',
  'inbox.pending#1:after',
  'people.memories#1:after',
  'sessions.create#1:before',
  'sessions.create#1:after',
  'outbox.intend#1:before',
  'outbox.intend#1:after',
  'model:asked',
  'model:first-token',
  'platform.post:before',
  'platform.post:after',
  'outbox.receipt#1:after',
  'model:mid-stream',
  'model:last-token',
  'outbox.intend#2:before',
  'outbox.intend#2:after',
  'platform.edit:after',
  'sessions.commit#1:before',
  'sessions.commit#1:after',
  'lease.releaseIfInboxEmpty#1:before',
  'lease.releaseIfInboxEmpty#1:after',
] as const;

let redis: RedisServer;
let script: string;
beforeAll(async () => {
  const { build } = await import('esbuild');
  script = join(packageRoot, `dist/test/victim-${process.pid}.mjs`);
  await build({
    entryPoints: [join(packageRoot, 'test/end-to-end/victim.ts')],
    outfile: script,
    bundle: true,
    external: ['libsql', 'libsql/promise', 'ioredis', 'prom-client', 'onnxruntime-node'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  redis = await startRedisServer(['--appendonly', 'yes', '--appendfsync', 'always']);
});
afterAll(async () => {
  ready?.kill('SIGKILL');
  rmSync(script, { force: true });
  await redis.stop();
});

/** The next victim starts while the last one is cleared away. */
let ready: ChildProcess | null = null;
function nextVictim(): ChildProcess {
  const child = ready ?? startVictim();
  ready = startVictim();
  return child;
}
function startVictim(): ChildProcess {
  return fork(script, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** A process that ends where it hangs, by SIGKILL, with the platform that outlives it. */
function runVictim(options: VictimOptions, platform: PlatformDouble): Promise<'killed' | readonly string[]> {
  const child = nextVictim();
  child.send(options);
  return new Promise((resolve, reject) => {
    let result: 'killed' | readonly string[] | null = null;
    child.on(
      'message',
      (message: PlatformCallMessage | { type: 'hanging' } | { type: 'done'; passed: string[] }) => {
        if (message.type === 'call') void answer(child, message, platform);
        else if (message.type === 'hanging') {
          result = 'killed';
          child.kill('SIGKILL');
        } else result = message.passed;
      },
    );
    child.once('exit', (code) =>
      result === null ? reject(new Error(`the victim ended with ${code}`)) : resolve(result),
    );
  });
}

async function answer(
  child: ChildProcess,
  call: PlatformCallMessage,
  platform: PlatformDouble,
): Promise<void> {
  const result =
    call.verb === 'post'
      ? await platform.post(...(call.parameters as [ReplyAddress, OutgoingMessage, string]))
      : await platform.edit(...(call.parameters as [ReplyAddress, Receipt, OutgoingMessage]));
  if (child.connected) child.send({ id: call.id, result: result ?? null });
}

const kinds = ['embedded', 'redis'] as const;
const platforms = (canEdit: boolean): PlatformDouble =>
  new PlatformDouble(systemClock, {
    capabilities: { canEdit, minEditIntervalMs: 0, rate: { burst: 100_000, refillMs: 1 } },
  });

describe.each(kinds)('SIGKILL on the %s store', (kind) => {
  const place = (): { readonly place: VictimOptions['store']; open(): Promise<Store>; dispose(): void } => {
    if (kind === 'redis') {
      const prefix = `kill-${Math.random().toString(36).slice(2)}`;
      return {
        place: { url: redis.url, prefix },
        open: () => openRedisStore({ url: redis.url, prefix, clock: systemClock }),
        dispose: () => undefined,
      };
    }
    const dataDir = mkdtempSync(join(tmpdir(), 'rapport-kill-'));
    return {
      place: { dataDir },
      open: () => openEmbeddedStore({ dataDir, clock: systemClock }),
      dispose: () => rmSync(dataDir, { recursive: true, force: true }),
    };
  };

  it('is aimed at moments that a turn really passes', async () => {
    const here = place();
    const platform = platforms(true);
    const passed = await runVictim({ store: here.place, hangAt: '', canEdit: true }, platform);
    here.dispose();
    expect(passed).toEqual(expect.arrayContaining([...moments]));
    expect(platform.visible).toHaveLength(1);
  });

  it.each(moments)('at %s: nothing is lost, one whole reply', async (hangAt) => {
    const here = place();
    const platform = platforms(true);
    expect(await runVictim({ store: here.place, hangAt, canEdit: true }, platform)).toBe('killed');

    const store = await here.open();
    const model = new ScriptedModel();
    model.usual = says('Whole ', 'again.');
    const world = new World(store, { model, platform });
    await world.sessions.start();
    // The platform hands over again what was not acknowledged.
    await world.post('hello', { id: messageId('the-message') });
    await expect
      .poll(async () => (await store.inbox.count(talk)) + (await store.recoverable()).length, {
        timeout: 10_000,
      })
      .toBe(0);
    await world.sessions.close(1_000);

    const name = bank.get((await world.session()).characterId)?.shortName ?? '';
    const lines = await world.lines();
    expect(lines).toEqual([
      'seeker: hello',
      `notice: ${say('disclosure', { name })}`,
      expect.stringMatching(/^supporter: (One two three\.|Whole again\.)$/),
    ]);
    const text = lines[2]?.slice('supporter: '.length);
    expect(platform.visible).toEqual([`${say('disclosure', { name })}\n\n${text}`]);
    await store.close();
    here.dispose();
  });
});
