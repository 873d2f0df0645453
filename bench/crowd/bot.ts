import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type AdapterFactory, type Core, composeCore } from '../../app/core.js';
import { loadConfig } from '../../app/settings.js';
import type { LoadedConfig } from '../../config/load.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { round2 } from '../figures.js';

export interface BotOptions {
  readonly modelUrl: string;
  /** What the benchmark changes of the configuration. */
  readonly configure: (loaded: LoadedConfig) => LoadedConfig;
  readonly adapters: AdapterFactory;
}

/** Rapport in this process as `rapport start` composes it, on a fresh store, with the vectors of its characters computed. */
export interface BenchedBot {
  readonly core: Core;
  /** Lets running replies finish and removes everything; once. */
  close(): Promise<void>;
}

export async function startBot({ modelUrl, configure, adapters }: BotOptions): Promise<BenchedBot> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
  const env = { MODEL_BASE_URL: modelUrl, MODEL_NAME: 'test-model', RAPPORT_DATA_DIR: folder };
  const core = await composeCore(configure(loadConfig(env, folder)), adapters, silentLogger);
  const { scorer, bank } = core.services;
  await scorer.prepare?.(bank.all);
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await core.close(30_000);
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    core,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

const resolutionMs = 10;

/** Watches the event loop and the processor of this process. @returns what ends the watch and tells. */
export function watchProcess(): () => { readonly loopDelayP99Ms: number; readonly cpuMs: number } {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  const before = process.cpuUsage();
  delay.enable();
  return () => {
    delay.disable();
    const { user, system } = process.cpuUsage(before);
    // What is recorded is the time between two ticks of a timer: the pause itself is no delay.
    const p99 = delay.percentile(99) / 1_000_000 - resolutionMs;
    return { loopDelayP99Ms: round2(Math.max(0, p99)), cpuMs: Math.round((user + system) / 1_000) };
  };
}

/** Memory of this process without what is waiting to be collected, MB. */
export function memoryMb(): { readonly rss: number; readonly heap: number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: rss / 1_048_576, heap: heapUsed / 1_048_576 };
}
