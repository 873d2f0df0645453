import type { Action } from './prompt-input.js';

/** Turns what a model streams into what a person may see. The text it yields never depends on how it was chunked. */
export interface StreamCleaner {
  /** Takes the next piece and returns what is certain by now; may be empty. */
  push(delta: string): string;
  /** The rest, at the end of the stream. */
  finish(): string;
  /** Speech or thought; null until the header of the turn has been read (Character-LLM). */
  readonly action: Action | null;
  /** A stop string came: whatever follows is dropped, so the stream may be aborted. */
  readonly ended: boolean;
}

export interface CleaningRules {
  /** The reply ends before the first of these. Case matters. */
  readonly stops: readonly string[];
  /** Leaked tags that are taken out wherever they stand. No one may be the beginning of another. */
  readonly removed?: readonly string[];
  /** Taken out from `open` through `close`; what is never closed is dropped. */
  readonly blocks?: readonly { readonly open: string; readonly close: string }[];
  /** Taken off the start of the reply, repeatedly, ignoring case: `Rin:`, `(speaking):`. */
  readonly prefixes?: readonly string[];
}

/** A line that starts another turn, whoever speaks: `Name (speaking):`. */
const header = /\n[^\n():<[]{1,40}\((?:speaking|thinking)\):/i;
/** The end of a text that may still become such a line. */
const halfHeader = /\n[^\n():<[]{0,40}(?:\([a-z]{0,8}\)?)?$/i;

interface Match {
  readonly index: number;
  readonly length: number;
  readonly effect: 'stop' | 'remove' | { readonly until: string };
}

/** Cleans plain spoken replies by {@link CleaningRules}; blanks at both ends go as well. */
export class TextCleaner implements StreamCleaner {
  readonly action: Action = 'speaking';
  readonly #tokens: readonly { readonly text: string; readonly effect: Match['effect'] }[];
  readonly #prefixes: readonly string[];
  #pending = '';
  /** Blanks that are shown only if something follows. */
  #blanks = '';
  #started = false;
  #stopped = false;
  #until: string | null = null;

  constructor(rules: CleaningRules) {
    this.#tokens = [
      ...rules.stops.map((text) => ({ text, effect: 'stop' as const })),
      ...(rules.removed ?? []).map((text) => ({ text, effect: 'remove' as const })),
      ...(rules.blocks ?? []).map(({ open, close }) => ({ text: open, effect: { until: close } })),
    ];
    this.#prefixes = (rules.prefixes ?? [])
      .map((prefix) => prefix.toLowerCase())
      .sort((a, b) => b.length - a.length);
  }

  get ended(): boolean {
    return this.#stopped;
  }

  push(delta: string): string {
    this.#pending += delta;
    return this.#advance(false);
  }

  finish(): string {
    const rest = this.#advance(true);
    this.#pending = '';
    return rest;
  }

  #advance(final: boolean): string {
    let shown = '';
    while (!this.#stopped) {
      if (this.#until !== null) {
        if (!this.#skipBlock(this.#until)) return shown;
        continue;
      }
      if (!this.#started) {
        const prefix = this.#stripPrefix(final);
        if (prefix === 'wait') return shown;
        if (prefix === 'stripped') continue;
      }
      const held = final ? this.#pending.length : this.#heldFrom();
      const match = this.#firstMatch();
      if (!match || match.index > held) {
        shown += this.#show(this.#pending.slice(0, held));
        this.#pending = this.#pending.slice(held);
        return shown;
      }
      shown += this.#show(this.#pending.slice(0, match.index));
      this.#pending = this.#pending.slice(match.index + match.length);
      if (match.effect === 'stop') this.#stopped = true;
      else if (match.effect !== 'remove') this.#until = match.effect.until;
    }
    this.#pending = '';
    return shown;
  }

  /** Leaves the block when its end is here. */
  #skipBlock(close: string): boolean {
    const at = this.#pending.indexOf(close);
    if (at < 0) {
      this.#pending = this.#pending.slice(Math.max(0, this.#pending.length - close.length + 1));
      return false;
    }
    this.#pending = this.#pending.slice(at + close.length);
    this.#until = null;
    return true;
  }

  #stripPrefix(final: boolean): 'wait' | 'stripped' | 'none' {
    this.#pending = this.#pending.trimStart();
    const start = this.#pending.toLowerCase();
    if (!final && this.#prefixes.some((prefix) => prefix.length > start.length && prefix.startsWith(start)))
      return 'wait';
    const prefix = this.#prefixes.find((candidate) => start.startsWith(candidate));
    if (prefix === undefined) return 'none';
    this.#pending = this.#pending.slice(prefix.length);
    return 'stripped';
  }

  #firstMatch(): Match | null {
    let first: Match | null = null;
    const consider = (index: number, length: number, effect: Match['effect']): void => {
      if (index >= 0 && (first === null || index < first.index)) first = { index, length, effect };
    };
    for (const { text, effect } of this.#tokens) consider(this.#pending.indexOf(text), text.length, effect);
    const line = header.exec(this.#pending);
    if (line) consider(line.index, line[0].length, 'stop');
    return first;
  }

  /** Where the part begins that may still become a tag; the length of what is pending when there is none. */
  #heldFrom(): number {
    const pending = this.#pending;
    const longest = Math.max(1, ...this.#tokens.map(({ text }) => text.length));
    let from = halfHeader.exec(pending)?.index ?? pending.length;
    for (let index = Math.max(0, pending.length - longest + 1); index < from; index++) {
      const end = pending.slice(index);
      if (this.#tokens.some(({ text }) => text.startsWith(end) && text.length > end.length)) from = index;
    }
    return /[\uD800-\uDBFF]$/.test(pending) ? Math.min(from, pending.length - 1) : from;
  }

  #show(text: string): string {
    const whole = this.#blanks + text;
    const body = whole.trimEnd();
    this.#blanks = whole.slice(body.length);
    if (body !== '') this.#started = true;
    return body;
  }
}
