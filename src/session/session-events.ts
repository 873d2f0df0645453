import type { RapportError } from '../../config/errors.js';
import type { MessageId, SessionId, TurnId } from '../ids.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../state/session.js';

/** What happens in a session, for platforms that show it live. In one process only: whoever reconnects reads the transcript. */
export type SessionEvent =
  | {
      readonly type: 'turn';
      readonly turnId: TurnId;
      readonly state: 'started';
      /** The messages the turn answers. */
      readonly answers: readonly MessageId[];
    }
  | {
      readonly type: 'turn';
      readonly turnId: TurnId;
      readonly state: 'finished';
      /** The messages it answered, or failed to. */
      readonly answers: readonly MessageId[];
      readonly error?: RapportError;
    }
  | {
      readonly type: 'entries';
      readonly entries: readonly TranscriptEntry[];
      readonly removed: readonly string[];
    }
  | { readonly type: 'waiting'; readonly messages: readonly InboundMessage[] }
  | { readonly type: 'session'; readonly session: SessionState };

type Listener = (event: SessionEvent) => void;

/** Publishes session events to listeners of one session. */
export class SessionEvents {
  readonly #listeners = new Map<SessionId, Set<Listener>>();

  /** @returns a function that ends the subscription. */
  subscribe(session: SessionId, listener: Listener): () => void {
    const listeners = this.#listeners.get(session) ?? new Set();
    this.#listeners.set(session, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(session) === listeners) this.#listeners.delete(session);
    };
  }

  /** Whether anybody listens to the session. */
  isHeard(session: SessionId): boolean {
    return this.#listeners.has(session);
  }

  publish(session: SessionId, event: SessionEvent): void {
    for (const listener of this.#listeners.get(session) ?? []) listener(event);
  }
}
