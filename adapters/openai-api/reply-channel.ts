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
  /** How the client's message begins, which this reply goes on with; empty where it is a message of its own. */
  readonly #begun: string;
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

  constructor(begun = '') {
    this.#begun = begun;
  }

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
    if (this.text === '' && !error) {
      const said = this.#notice || text;
      this.#add(this.#begun !== '' && said === this.#notice ? `\n\n${said}` : said);
    }
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
    const added = this.text === '' ? joined(this.#begun, delta) : delta;
    this.text += added;
    this.#queue.push(added);
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

/** Clients put the two together as they are: a blank stands between words, and none before a full stop. */
function joined(begun: string, rest: string): string {
  return begun === '' || /\s$/.test(begun) || /^[\s.,!?;:…)'’”]/u.test(rest) ? rest : ` ${rest}`;
}
