import type { Whereabouts } from '../../src/care/where.js';
import type { CommandServices } from '../../src/commands/command-services.js';

/** What the terminal face works with. */
export interface TerminalServices extends CommandServices {
  /** Where this machine says it is; nowhere in particular where nothing is given. */
  readonly whereabouts?: Whereabouts;
}
