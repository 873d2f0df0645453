import type { SessionEvents } from '../session/session-events.js';
import type { SessionManager } from '../session/session-manager.js';
import type { TurnServices } from '../turn/turn-services.js';

/** What the commands of a chat platform need: the services of a turn, and the conversations themselves. */
export interface CommandServices extends TurnServices {
  readonly sessions: Pick<
    SessionManager,
    'receive' | 'stop' | 'withdraw' | 'isAnswering' | 'settled' | 'wake'
  >;
  readonly events: SessionEvents;
}
