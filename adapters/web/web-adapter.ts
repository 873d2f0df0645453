import type { OutgoingMessage, PlatformAdapter, Receipt, ReplyAddress } from '../../src/delivery/adapter.js';
import { localCapabilities } from '../../src/delivery/local-capabilities.js';
import type { SessionId } from '../../src/ids.js';

/** A message of the running reply, as the page gets it: the whole text so far. */
export interface LiveMessage extends OutgoingMessage {
  readonly messageId: string;
}

type Listener = (message: LiveMessage) => void;

/**
 * The page as a platform. A post or edit is pushed to the open pages of the session; who is not connected reads the
 * transcript later. The message id is the nonce, so a repeated post after a crash replaces instead of repeating.
 */
export class WebAdapter implements PlatformAdapter {
  readonly name = 'web';
  readonly capabilities = { ...localCapabilities, fences: true, ownOffers: true, opensSessions: true };
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Nothing to connect: the HTTP routes hand messages over themselves. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#listeners.clear();
  }

  /** @returns a function that ends the subscription. */
  subscribe(session: SessionId, listener: Listener): () => void {
    const listeners = this.#listeners.get(session) ?? new Set();
    this.#listeners.set(session, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(session) === listeners) this.#listeners.delete(session);
    };
  }

  async post(_address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    this.#push({ ...message, messageId: nonce });
    return { platformMessageId: nonce, at: this.#now() };
  }

  async edit(_address: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void> {
    this.#push({ ...message, messageId: receipt.platformMessageId });
  }

  #push(message: LiveMessage): void {
    for (const listener of this.#listeners.get(message.sessionId) ?? []) listener(message);
  }
}
