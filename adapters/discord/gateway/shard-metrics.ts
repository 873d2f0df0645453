import { Gauge } from 'prom-client';
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
