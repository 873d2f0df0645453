import type { SessionEvents } from '../../src/session/session-events.js';
import type { SessionManager } from '../../src/session/session-manager.js';
import type { TurnServices } from '../../src/turn/turn-services.js';

/** What the terminal face works with. */
export interface TerminalServices extends TurnServices {
  readonly sessions: SessionManager;
  readonly events: SessionEvents;
}
