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
  /**
   * Who else speaks: a line that begins with one of these names and a colon, with marks of emphasis around it or not, ends the
   * reply, at its beginning as well.
   */
  readonly speakers?: readonly string[];
  /** Taken off the start of the reply, repeatedly, ignoring case: `Rin:`, `(speaking):`. */
  readonly prefixes?: readonly string[];
}

/** A line that starts another turn, whoever speaks: `Name (speaking):`. */
const header = /\n[^\n():<[]{1,40}\((?:speaking|thinking)\):/i;
/** The end of a text that may still become such a line. */
const halfHeader = /\n[^\n():<[]{0,40}(?:\([a-z]{0,8}\)?)?$/i;

/** A chat template's role behind the end of a sentence, whose marks the server took out: `I hear you.assistant`. */
const gluedRole = /(?<=[.!?…。！？"”’'*)\]])(?:assistant|user|model)(?=\n)/;
const gluedAtEnd = /(?<=[.!?…。！？"”’'*)\]])(?:assistant|user|model)$/;
const gluedRoles = ['assistant\n', 'user\n', 'model\n'];
const sentenceEnd = /[.!?…。！？"”’'*)\]]$/;
/** Marks around a name at the beginning of a line. */
const emphasis = '[ \\t]*[*_#>]{0,4}[ \\t]*';

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
  /** A line of somebody else's, and what may still become one at the beginning of the reply. */
  readonly #others: RegExp | null;
  readonly #otherStarts: readonly string[];
  #pending = '';
  /** The last character that was shown. */
  #last = '';
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
    const speakers = rules.speakers ?? [];
    this.#others =
      speakers.length === 0
        ? null
        : new RegExp(`\\n${emphasis}(?:${speakers.map(named).join('|')})[*_"”]{0,3}[:：]`, 'u');
    this.#otherStarts = speakers.flatMap((name) => [`${name}:`, `**${name}:`, `**${name}**:`, `*${name}:`]);
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
        if (prefix === 'other') {
          this.#stopped = true;
          continue;
        }
      }
      const held = final ? this.#pending.length : this.#heldWith(this.#pending);
      const match = this.#firstMatch(final);
      if (!match || match.index > held) {
        shown += this.#show(this.#pending.slice(0, held));
        this.#pending = this.#pending.slice(held);
        return shown;
      }
      const before = this.#pending.slice(0, match.index);
      const rest = this.#pending.slice(match.index + match.length);
      // What a tag parted may be a tag itself once it is out: `</<|eot|>s>`.
      const kept = match.effect === 'remove' ? this.#heldWith(before) : before.length;
      shown += this.#show(before.slice(0, kept));
      this.#pending = before.slice(kept) + rest;
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

  #stripPrefix(final: boolean): 'wait' | 'stripped' | 'other' | 'none' {
    this.#pending = this.#pending.trimStart();
    const start = this.#pending.toLowerCase();
    if (!final && this.#prefixes.some((prefix) => prefix.length > start.length && prefix.startsWith(start)))
      return 'wait';
    if (this.#otherStarts.some((other) => this.#pending.startsWith(other))) return 'other';
    if (!final && this.#otherStarts.some((other) => other.startsWith(this.#pending))) return 'wait';
    const prefix = this.#prefixes.find((candidate) => start.startsWith(candidate));
    if (prefix === undefined) return 'none';
    this.#pending = this.#pending.slice(prefix.length);
    return 'stripped';
  }

  #firstMatch(final: boolean): Match | null {
    let first: Match | null = null;
    const consider = (index: number, length: number, effect: Match['effect']): void => {
      if (index >= 0 && (first === null || index < first.index)) first = { index, length, effect };
    };
    for (const { text, effect } of this.#tokens) consider(this.#pending.indexOf(text), text.length, effect);
    const line = header.exec(this.#pending);
    if (line) consider(line.index, line[0].length, 'stop');
    const other = this.#others?.exec(this.#pending);
    if (other) consider(other.index, other[0].length, 'stop');
    const seam = this.#seam();
    const text = seam + this.#pending;
    const glued = gluedRole.exec(text) ?? (final ? gluedAtEnd.exec(text) : null);
    if (glued) consider(glued.index - seam.length, glued[0].length, 'stop');
    return first;
  }

  /** The same with what may be parted by a tag that is only beginning. */
  #heldWith(pending: string): number {
    let from = this.#heldFrom(pending);
    for (;;) {
      const earlier = this.#heldFrom(pending.slice(0, from));
      if (earlier >= from) return from;
      from = earlier;
    }
  }

  /** Where the part of what is pending begins that may still become a tag; its length when there is none. */
  #heldFrom(pending: string): number {
    const longest = Math.max(1, ...this.#tokens.map(({ text }) => text.length));
    let from = halfHeader.exec(pending)?.index ?? pending.length;
    for (let index = Math.max(0, pending.length - longest + 1); index < from; index++) {
      const end = pending.slice(index);
      if (this.#tokens.some(({ text }) => text.startsWith(end) && text.length > end.length)) from = index;
    }
    for (const role of gluedRoles)
      for (let length = Math.min(role.length - 1, pending.length); length > 0; length -= 1)
        if (
          pending.endsWith(role.slice(0, length)) &&
          sentenceEnd.test(this.#seam() + pending.slice(0, -length))
        )
          from = Math.min(from, pending.length - length);
    return /[\uD800-\uDBFF]$/.test(pending) ? Math.min(from, pending.length - 1) : from;
  }

  /** What stands right before the pending text. */
  #seam(): string {
    return this.#blanks === '' ? this.#last : this.#blanks.slice(-1);
  }

  #show(text: string): string {
    const whole = this.#blanks + text;
    const body = whole.trimEnd();
    this.#blanks = whole.slice(body.length);
    if (body !== '') {
      this.#started = true;
      this.#last = body.slice(-1);
    }
    return body;
  }
}

function named(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/gu, (sign) => `\\${sign}`);
}
