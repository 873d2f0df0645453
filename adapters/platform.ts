import { RapportError, reasonOf } from '../config/errors.js';
import type { LoadedConfig, PlatformPart } from '../config/load.js';
import type { Config } from '../config/schema.js';
import type { Secrets } from '../config/secrets.js';
import type { CommandServices } from '../src/commands/command-services.js';
import type { PlatformAdapter } from '../src/delivery/adapter.js';
import type { PersonId } from '../src/ids.js';
import type { Store } from '../src/state/store.js';

/**
 * A platform as the program knows it: what its settings are, how it is opened, how its set-up is checked, what it keeps of
 * a person. Its folder is loaded by the first call of `create` or `doctor`, never before.
 */
export interface Platform extends PlatformPart {
  /** Its name for people. */
  readonly title: string;
  /**
   * The adapter that `rapport start` opens, or null where the operator has not set the platform up. Absent where the HTTP
   * server (the page, the API) or a command of its own (the terminal) opens it.
   */
  create?(given: {
    readonly services: CommandServices;
    readonly secrets: Secrets;
  }): Promise<PlatformAdapter | null>;
  /** What `rapport doctor` says of it. */
  doctor?(loaded: LoadedConfig, openStore: () => Promise<Store>): Promise<readonly Check[]>;
  readonly personData: {
    /** A person's id, as an example. */
    readonly example: string;
    /** Removes what is kept of a person beside the store. */
    erase?(person: PersonId, config: Config): void;
  };
}

/** The state of one part. `off`: not used as configured. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'off';
  readonly detail: string;
  /** What to do about it, or how to get it. */
  readonly cure?: string;
}

/** A part that threw. */
export function failedCheck(name: string, error: unknown, state: 'failed' | 'warning' = 'failed'): Check {
  return error instanceof RapportError
    ? { name, state, detail: `${error.code}: ${error.message}`, cure: error.cure }
    : { name, state, detail: reasonOf(error) };
}
