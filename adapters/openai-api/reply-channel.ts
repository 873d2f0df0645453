import type { RapportError } from '../../config/errors.js';
import type { OutgoingMessage } from '../../src/delivery/adapter.js';

/** The growing text of one reply as deltas: messages carry the whole text so far, a client wants what is new. */
export class ReplyChannel {
  readonly #parts = new Map<string, string>();
  #queue: string[] = [];
  #wake: (() => void) | null = null;
  #ended = false;
  text = '';
  error: RapportError | null = null;

  readonly push = (message: OutgoingMessage): void => {
    const key = `${message.turnId}:${message.kind}`;
    const sent = this.#parts.get(key) ?? '';
    if (message.text.length <= sent.length || !message.text.startsWith(sent)) return;
    const gap = sent === '' && this.text !== '' ? '\n\n' : '';
    this.#parts.set(key, message.text);
    const delta = gap + message.text.slice(sent.length);
    this.text += delta;
    this.#queue.push(delta);
    this.#wake?.();
  };

  end(error?: RapportError): void {
    this.error = error ?? null;
    this.#ended = true;
    this.#wake?.();
  }

  /** Resolves with true once there is text, false when the reply ended without any. */
  async begun(): Promise<boolean> {
    while (this.#queue.length === 0 && !this.#ended) await this.#next();
    return this.#queue.length > 0;
  }

  async *deltas(): AsyncGenerator<string> {
    for (;;) {
      const ready = this.#queue;
      this.#queue = [];
      if (ready.length > 0) yield ready.join('');
      else if (this.#ended) return;
      else await this.#next();
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}
