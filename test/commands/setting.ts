import { tmpdir } from 'node:os';
import { loadConfig } from '../../app/settings.js';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../../src/clock.js';
import { systemClock } from '../../src/clock.js';
import type { Arrival } from '../../src/commands/admit.js';
import type { CommandServices } from '../../src/commands/command-services.js';
import { messageId } from '../../src/ids.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { ada, talk, temporaryStore, World, type WorldOptions } from '../session/world.js';

/** A process on a store of its own, with what its commands are given. */
export interface CommandSetting {
  readonly world: World;
  readonly services: CommandServices;
  readonly clock: MovableClock;
  /** What was logged as a warning. */
  readonly warnings: object[];
  dispose(): Promise<void>;
}

/** The system's clock, some time later. */
export class MovableClock implements Clock {
  #ahead = 0;
  now(): number {
    return systemClock.now() + this.#ahead;
  }
  elapsed(): number {
    return systemClock.elapsed();
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
  /** Time passes at once. */
  pass(ms: number): void {
    this.#ahead += ms;
  }
  /** Goes to a time, ms since the epoch. */
  goTo(ms: number): void {
    this.#ahead = ms - systemClock.now();
  }
}

export type ConfigChange = (defaults: Config) => Partial<Config>;

export async function openSetting(
  change: ConfigChange = () => ({}),
  options: WorldOptions = {},
): Promise<CommandSetting> {
  const clock = new MovableClock();
  const warnings: object[] = [];
  const { store, dispose } = await temporaryStore(clock);
  const logger: Logger = {
    ...silentLogger,
    warn: (fields) => void warnings.push(fields),
    child: () => logger,
  };
  const { config: defaults } = loadConfig({}, tmpdir());
  const config = { ...defaults, ...change(defaults) };
  const world = new World(store, { ...options, services: { config, clock, logger, ...options.services } });
  return {
    world,
    clock,
    warnings,
    services: { ...world.services, sessions: world.sessions, events: world.events },
    dispose: async () => {
      await world.sessions.close(0);
      await dispose();
    },
  };
}

let arrived = 0;

/** A message of Ada's in a channel of the community `discord:g1`, each with an id of its own. */
export function arrival(change: Partial<Arrival> = {}): Arrival {
  arrived += 1;
  return {
    kind: 'message',
    id: messageId(`arrived${arrived}`),
    person: ada,
    session: talk,
    rules: { community: 'discord:g1', channels: ['c1'] },
    typed: 'hello',
    open: async () => ({
      sessionId: talk,
      speakerName: 'Ada',
      at: 1,
      address: { platform: 'discord', channel: 'dm' },
      shared: false,
    }),
    ...change,
  };
}
