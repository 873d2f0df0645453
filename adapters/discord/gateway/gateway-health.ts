import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge } from 'prom-client';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { Metrics } from '../../../src/telemetry/metrics.js';

/** Gauges of the shards: how many are in which state, how long the gateway takes to answer a heartbeat. */
export interface ShardMetrics {
  heartbeat(shard: number, latencyMs: number): void;
}

export function createShardMetrics(
  { registry }: Pick<Metrics, 'registry'>,
  states: () => ReadonlyMap<number, string>,
): ShardMetrics {
  const registers = [registry];
  new Gauge({
    name: 'rapport_discord_shards',
    help: 'Shards of this process by state',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      for (const state of states().values()) this.inc({ state });
    },
  });
  const latency = new Gauge({
    name: 'rapport_discord_heartbeat_seconds',
    help: 'From the last heartbeat to its acknowledgement',
    labelNames: ['shard'],
    registers,
  });
  return { heartbeat: (shard, latencyMs) => latency.set({ shard: String(shard) }, latencyMs / 1_000) };
}

/** A stall this long keeps heartbeats from going out in time, ms. */
const stallMs = 2_000;
const lookEveryMs = 15_000;

/** Says when something kept the process from attending to the gateway. @returns what ends the watch. */
export function watchEventLoop(logger: Logger, stall = stallMs, everyMs = lookEveryMs): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const timer = setInterval(() => {
    const worst = Math.round(delay.max / 1_000_000);
    delay.reset();
    if (worst >= stall)
      logger.warn(
        { stallMs: worst },
        'the process was busy for long and deaf to Discord meanwhile: give it more CPU, or run the model on a server of its own (MODEL_BASE_URL)',
      );
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}
