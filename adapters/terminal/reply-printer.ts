import type { OutgoingMessage } from '../../src/delivery/adapter.js';
import { printable } from '../../src/session/printable.js';
import type { Paint } from './paint.js';

/** Writes messages that grow: what is new of a message goes to the screen, as what is printed cannot be taken back. */
export class ReplyPrinter {
  readonly #write: (text: string) => void;
  readonly #paint: Paint;
  /** The message being written, and what of it is on the screen. */
  #open: { readonly id: string; text: string } | null = null;

  constructor(write: (text: string) => void, paint: Paint) {
    this.#write = write;
    this.#paint = paint;
  }

  /** A message under its id; `text` is the whole text so far. Control characters (terminal escapes) are left out. */
  show(id: string, { text, kind, speaker }: Pick<OutgoingMessage, 'text' | 'kind' | 'speaker'>): void {
    const clean = printable(text);
    if (this.#open?.id !== id) {
      this.end();
      if (clean === '') return;
      this.#open = { id, text: '' };
      if (kind === 'reply') this.#write(`${this.#paint.name(`${speaker.name}:`)} `);
    }
    const open = this.#open;
    if (!open || open.text.startsWith(clean)) return;
    this.#write(clean.startsWith(open.text) ? clean.slice(open.text.length) : `\n${clean}`);
    open.text = clean;
  }

  /** Ends the line of the last message. */
  end(): void {
    if (!this.#open) return;
    this.#write('\n');
    this.#open = null;
  }
}
