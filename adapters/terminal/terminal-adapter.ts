import type { OutgoingMessage, PlatformAdapter, Receipt, ReplyAddress } from '../../src/delivery/adapter.js';
import { localCapabilities } from '../../src/delivery/local-capabilities.js';

type Screen = (messageId: string, message: OutgoingMessage) => void;

/**
 * The terminal as a platform: a growing reply is shown as it grows. Only the conversation on the screen is printed; a
 * reply that an earlier process owes to another conversation goes to its transcript.
 */
export class TerminalAdapter implements PlatformAdapter {
  readonly name = 'terminal';
  readonly capabilities = localCapabilities;
  readonly #screens = new Map<string, Screen>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Nothing to connect: the face hands messages over itself. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#screens.clear();
  }

  /** Shows what is posted to `channel` until the returned function is called. */
  show(channel: string, screen: Screen): () => void {
    this.#screens.set(channel, screen);
    return () => this.#screens.delete(channel);
  }

  async post(address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    this.#screens.get(address.channel)?.(nonce, message);
    return { platformMessageId: nonce, at: this.#now() };
  }

  async edit(address: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void> {
    this.#screens.get(address.channel)?.(receipt.platformMessageId, message);
  }
}
