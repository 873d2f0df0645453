import type { OutgoingMessage, PlatformAdapter, Receipt, ReplyAddress } from '../../src/delivery/adapter.js';
import { localCapabilities } from '../../src/delivery/local-capabilities.js';

type Sink = (message: OutgoingMessage) => void;

/** The API as a platform: a reply goes to the HTTP request that waits for it; without one (after a crash) to the transcript only. */
export class OpenAiApiAdapter implements PlatformAdapter {
  readonly name = 'openai-api';
  readonly capabilities = { ...localCapabilities, ownOffers: true, ownErrors: true, separateAnswers: true };
  readonly #sinks = new Map<string, Sink>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Nothing to connect: the HTTP routes hand messages over themselves. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#sinks.clear();
  }

  /** Directs what is posted to `channel` to `sink` until the returned function is called. */
  listen(channel: string, sink: Sink): () => void {
    this.#sinks.set(channel, sink);
    return () => this.#sinks.delete(channel);
  }

  async post(address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    this.#sinks.get(address.channel)?.(message);
    return { platformMessageId: nonce, at: this.#now() };
  }

  async edit(address: ReplyAddress, _receipt: Receipt, message: OutgoingMessage): Promise<void> {
    this.#sinks.get(address.channel)?.(message);
  }
}
