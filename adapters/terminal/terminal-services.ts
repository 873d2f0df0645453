import type { CommandServices } from '../../src/commands/command-services.js';

/** What the terminal face works with. */
export type TerminalServices = CommandServices;
