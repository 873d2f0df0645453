import type { OutgoingMessage } from '../../src/delivery/adapter.js';
import { stripControls } from '../../src/text/strip-controls.js';
import { WordWrap } from './word-wrap.js';

/** How kinds of text look on the screen. */
export interface Paint {
  /** A speaker. */
  name(text: string): string;
  /** What the program says about itself. */
  aside(text: string): string;
}

/** Plain text, for pipes and NO_COLOR. */
export const plainPaint: Paint = { name: (text) => text, aside: (text) => text };

/** Bold and dim, by ANSI SGR codes (ECMA-48 §8.3.117). */
export const ansiPaint: Paint = {
  name: (text) => `\u001b[1m${text}\u001b[22m`,
  aside: (text) => `\u001b[2m${text}\u001b[22m`,
};

/** Colours only where a person looks on and has not asked for none (https://no-color.org). */
export function paintFor(isTty: boolean, env: NodeJS.ProcessEnv): Paint {
  return isTty && !env.NO_COLOR && env.TERM !== 'dumb' ? ansiPaint : plainPaint;
}

/** Writes messages that grow: what is new of a message goes to the screen, as what is printed cannot be taken back. */
export class ReplyPrinter {
  readonly #wrap: WordWrap;
  readonly #paint: Paint;
  /** The message being written, and what of it is on the screen. */
  #open: { readonly id: string; text: string } | null = null;

  /** @param columns of the screen; undefined for a pipe. */
  constructor(
    write: (text: string) => void,
    paint: Paint,
    columns: () => number | undefined = () => undefined,
  ) {
    this.#wrap = new WordWrap(write, columns);
    this.#paint = paint;
  }

  /** A message under its id; `text` is the whole text so far. Control characters (terminal escapes) are left out. */
  show(id: string, { text, kind, speaker }: Pick<OutgoingMessage, 'text' | 'kind' | 'speaker'>): void {
    const clean = stripControls(text);
    if (this.#open?.id !== id) {
      this.end();
      if (clean === '') return;
      this.#open = { id, text: '' };
      if (kind === 'reply') this.#wrap.mark(`${this.#paint.name(`${speaker.name}:`)} `, `${speaker.name}: `);
    }
    const open = this.#open;
    if (!open || open.text.startsWith(clean)) return;
    this.#wrap.put(clean.startsWith(open.text) ? clean.slice(open.text.length) : `\n${clean}`);
    open.text = clean;
  }

  /** Ends the line of the last message. */
  end(): void {
    if (!this.#open) return;
    this.#wrap.put('\n');
    this.#open = null;
  }
}
