import type { RapportError } from '../../config/errors.js';
import type { OutgoingMessage } from '../../src/delivery/adapter.js';
import type { Usage } from '../../src/prompting/chat-model.js';
import type { TurnTrace } from '../../src/state/trace.js';

type ModelEnd = NonNullable<TurnTrace['model']>;

/**
 * The growing text of one reply as deltas: messages carry the whole text so far, a client wants what is new. What the
 * platform says by itself (a care answer, a control code's notice) waits for the end: where the turn failed it is an apology,
 * and the client gets the error instead.
 */
export class ReplyChannel {
  #sent = '';
  #notice = '';
  #queue: string[] = [];
  #wake: (() => void) | null = null;
  #ended = false;
  text = '';
  error: RapportError | null = null;
  /** Tokens as the model's server counted them; null where it did not, or was not asked. */
  usage: Usage | null = null;
  /** Why the reply ended, in OpenAI's words. */
  finishReason: 'stop' | 'length' | 'content_filter' = 'stop';

  readonly push = ({ text, kind }: Pick<OutgoingMessage, 'text' | 'kind'>): void => {
    if (this.#ended) return;
    if (kind === 'notice') this.#notice = text;
    else if (text.length > this.#sent.length && text.startsWith(this.#sent)) {
      this.#add(text.slice(this.#sent.length));
      this.#sent = text;
    }
  };

  /**
   * Ends the reply. `text` stands in where nothing was pushed: the reply went to another request.
   * @param model what the model's server said of the end.
   */
  end(error: RapportError | null, text = '', model: ModelEnd | undefined = undefined): void {
    if (this.#ended) return;
    const reason = model?.finishReason;
    this.usage = model?.usage ?? null;
    if (reason === 'length' || reason === 'content_filter') this.finishReason = reason;
    if (this.text === '' && !error) this.#add(this.#notice || text);
    this.error = error;
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

  #add(delta: string): void {
    if (delta === '') return;
    this.text += delta;
    this.#queue.push(delta);
    this.#wake?.();
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
