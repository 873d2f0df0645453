import { chooseCut } from './boundary.js';
import { closeLine, closes, type Fence, fenceAfterLine, fenceAfterText, reopenLine } from './fence.js';

export interface SplitRules {
  /** UTF-16 units one message may hold, at least 32. */
  readonly maxChars: number;
  /** Whether ``` fences are closed at the end of a message and opened again in the next. */
  readonly fences: boolean;
}

/**
 * One message of a split text.
 *
 * `raw` is the very slice of the text: the slices of all pieces, joined, are the text. `text` is what is shown: `raw`
 * without blank lines in front, without leading spaces where a line was cut between words, without white space at the
 * end, between the reopened and the closed fence. A fence that would be reopened only to be closed at once is left out.
 */
export interface Piece {
  readonly raw: string;
  readonly text: string;
  /** The fence the piece begins in. */
  readonly opening: Fence | null;
  /** Whether the piece begins a line. */
  readonly atLineStart: boolean;
}

const smallestMessage = 32;
const loneSurrogate = /\p{Surrogate}/gu;
const nonSpace = /\S/g;

/** Splits a whole text. Equal to pushing it in any portions into a {@link MessageSplitter}. */
export function splitText(text: string, rules: SplitRules): Piece[] {
  const splitter = new MessageSplitter(rules);
  splitter.push(text);
  splitter.finish();
  return [...splitter.closed];
}

/**
 * Splits a growing text into messages. Every decision is a function of the text up to the first character that does
 * not fit, so closed pieces never change, however the text is portioned. Cost: linear in the text; the text of closed
 * pieces is not looked at again.
 */
export class MessageSplitter {
  readonly closed: Piece[] = [];
  readonly #rules: SplitRules;
  #raw = '';
  #opening: Fence | null = null;
  #atLineStart = true;
  /** Fence state at the start of the current line. */
  #fence: Fence | null = null;
  #lineStart = 0;
  #scanned = 0;
  /** Offset of the first visible character with its indentation; -1 while there is none. */
  #visibleFrom = -1;
  /** The open piece as it looked at that length. */
  #rendered: { readonly length: number; readonly text: string } | null = null;
  /** A high surrogate whose other half has not arrived. */
  #carry = '';

  /** @throws RangeError when `maxChars` is below 32. */
  constructor(rules: SplitRules) {
    if (!(rules.maxChars >= smallestMessage))
      throw new RangeError(`maxChars must be at least ${smallestMessage}`);
    this.#rules = rules;
  }

  /** Units of the open piece, white space and all. */
  get openLength(): number {
    return this.#raw.length;
  }
  /** Whether the open piece has anything to show. */
  get hasVisible(): boolean {
    return this.#visibleFrom >= 0;
  }
  /** The fence the text is in right now. */
  get openFence(): Fence | null {
    const fence = this.#fence;
    return fence && closes(this.#raw.slice(this.#lineStart), fence) ? null : fence;
  }

  /** Appends text. Lone surrogates become U+FFFD. */
  push(delta: string): void {
    if (delta === '') return;
    let text = this.#carry + delta;
    this.#carry = '';
    const last = text.charCodeAt(text.length - 1);
    if (last >= 0xd800 && last <= 0xdbff) {
      this.#carry = text.slice(-1);
      text = text.slice(0, -1);
    }
    this.#raw += text.replace(loneSurrogate, '\ufffd');
    this.#scan();
  }

  /** What the open piece looks like now; '' when there is nothing to see. At most `maxChars` units. */
  openText(): string {
    if (this.#rendered?.length !== this.#raw.length) {
      const place = { opening: this.#opening, atLineStart: this.#atLineStart, closing: this.openFence };
      this.#rendered = { length: this.#raw.length, text: render(this.#raw, place, this.#rules, true) };
    }
    return this.#rendered.text;
  }

  /** Ends the open piece between two words although it is not full, so that what follows goes into a new message. */
  breakOff(): void {
    if (this.#visibleFrom < 0) return;
    const limit = this.#raw.trimEnd().length;
    const { fences } = this.#rules;
    const tail = {
      text: this.#raw,
      from: this.#visibleFrom,
      limit,
      fences,
      opening: this.#opening,
      prefer: 'last' as const,
    };
    this.#closeAt(limit === this.#raw.length ? chooseCut(tail) : this.#raw.length);
    this.#scan();
  }

  /** Forgets the first `shown` units of the open piece (back to the last gap between words): they stand elsewhere. */
  dropShown(shown: number): void {
    this.#advance(gapBefore(this.#raw, shown));
    this.#scan();
  }

  /** Closes the last piece. */
  finish(): void {
    if (this.#carry !== '') {
      this.#carry = '';
      this.#raw += '\ufffd';
      this.#scan();
    }
    this.#closeAt(this.#raw.length);
    this.#reset('', null, true);
  }

  #scan(): void {
    while (this.#scanned < this.#raw.length) {
      const newline = this.#raw.indexOf('\n', this.#scanned);
      const end = newline < 0 ? this.#raw.length : newline;
      if (this.#visibleFrom < 0) this.#findVisible(end);
      const overflow = this.#overflowBefore(end);
      if (overflow >= 0) {
        this.#closeAt(this.#cutBefore(overflow));
        continue;
      }
      this.#scanned = end;
      if (newline < 0) return;
      if (this.#rules.fences)
        this.#fence = fenceAfterLine(this.#raw.slice(this.#lineStart, newline), this.#fence);
      this.#lineStart = newline + 1;
      this.#scanned = newline + 1;
    }
  }

  #findVisible(end: number): void {
    const first = firstNonSpace(this.#raw, this.#scanned);
    if (first < 0 || first >= end) return;
    this.#visibleFrom = visibleStart(this.#raw, first, this.#atLineStart, this.#rules);
  }

  /** Offset of the first visible character before `end` that does not fit any more; -1 if all fit. */
  #overflowBefore(end: number): number {
    if (this.#visibleFrom < 0) return -1;
    const fits =
      this.#visibleFrom +
      this.#rules.maxChars -
      this.#openCost() -
      (this.#fence ? this.#fence.marker.length + 1 : 0);
    if (end <= fits) return -1;
    const at = firstNonSpace(this.#raw, Math.max(this.#scanned, fits));
    return at >= 0 && at < end ? at : -1;
  }

  #cutBefore(overflow: number): number {
    const high = this.#raw.charCodeAt(overflow);
    const text = this.#raw.slice(0, high >= 0xd800 && high <= 0xdbff ? overflow + 2 : overflow + 1);
    const { maxChars, fences } = this.#rules;
    const from = this.#visibleFrom;
    let limit = Math.min(overflow, from + maxChars - this.#openCost());
    for (;;) {
      const cut = chooseCut({ text, from, limit, fences, opening: this.#opening, prefer: 'best' });
      const head = text.slice(0, cut);
      const fence = fences ? fenceAfterText(head, this.#opening) : null;
      const visibleEnd = head.trimEnd().length;
      const over = this.#openCost() + visibleEnd - from + (fence ? closeLine(fence).length : 0) - maxChars;
      if (over <= 0) return cut;
      limit = visibleEnd - over;
    }
  }

  #openCost(): number {
    return this.#opening ? reopenLine(this.#opening, infoRoom(this.#rules)).length : 0;
  }

  #closeAt(cut: number): void {
    const piece = pieceOf(this.#raw.slice(0, cut), this.#opening, this.#atLineStart, this.#rules);
    const before = this.closed.at(-1);
    if (piece.text !== '') this.closed.push(piece);
    else if (before) this.closed[this.closed.length - 1] = { ...before, raw: before.raw + piece.raw };
    this.#advance(cut);
  }

  #advance(cut: number): void {
    const head = this.#raw.slice(0, cut);
    const fence = this.#rules.fences ? fenceAfterText(head, this.#opening) : null;
    this.#reset(this.#raw.slice(cut), fence, cut === 0 ? this.#atLineStart : head.endsWith('\n'));
  }

  #reset(raw: string, opening: Fence | null, atLineStart: boolean): void {
    this.#raw = raw;
    this.#opening = opening;
    this.#fence = opening;
    this.#atLineStart = atLineStart;
    this.#lineStart = 0;
    this.#scanned = 0;
    this.#visibleFrom = -1;
    this.#rendered = null;
  }
}

/** What of a piece comes after its first `shown` units, as a message of its own; null where nothing is left to see. */
export function remainderOf(piece: Piece, shown: number, rules: SplitRules): Piece | null {
  const cut = gapBefore(piece.raw, Math.min(shown, piece.raw.length));
  if (cut === 0) return piece;
  const head = piece.raw.slice(0, cut);
  const fence = rules.fences ? fenceAfterText(head, piece.opening) : null;
  const rest = pieceOf(piece.raw.slice(cut), fence, head.endsWith('\n'), rules);
  if (rest.text.length > rules.maxChars) return piece;
  return rest.text === '' ? null : rest;
}

function pieceOf(raw: string, opening: Fence | null, atLineStart: boolean, rules: SplitRules): Piece {
  const closing = rules.fences ? fenceAfterText(raw, opening) : null;
  return { raw, opening, atLineStart, text: render(raw, { opening, atLineStart, closing }, rules, false) };
}

interface Place {
  readonly opening: Fence | null;
  readonly atLineStart: boolean;
  /** The fence that is open at the end. */
  readonly closing: Fence | null;
}

function render(raw: string, place: Place, rules: SplitRules, growing: boolean): string {
  let body = withoutLeadingSpace(raw, place.atLineStart, rules).trimEnd();
  let open = place.opening;
  if (open) {
    const newline = body.indexOf('\n');
    const line = newline < 0 ? body : body.slice(0, newline);
    if (growing && newline < 0 && /^[ \t]*`+$/.test(line)) return '';
    if (closes(line, open)) {
      open = null;
      body = newline < 0 ? '' : withoutLeadingSpace(body.slice(newline + 1), true, rules);
    }
  }
  if (body === '') return '';
  const text = (open ? reopenLine(open, infoRoom(rules)) : '') + body;
  const close = place.closing ? closeLine(place.closing) : '';
  return text.length + close.length <= rules.maxChars ? text + close : text;
}

/** Reopened info strings take at most an eighth of a message. */
function infoRoom(rules: SplitRules): number {
  return rules.maxChars / 8;
}

/** Drops blank lines in front, and spaces where the text goes on in the middle of a line. */
function withoutLeadingSpace(text: string, atLineStart: boolean, rules: SplitRules): string {
  const first = firstNonSpace(text, 0);
  return first < 0 ? '' : text.slice(visibleStart(text, first, atLineStart, rules));
}

/** Where the visible text begins: with the indentation of its line, unless that is absurdly deep. */
function visibleStart(text: string, first: number, atLineStart: boolean, rules: SplitRules): number {
  const lineStart = text.lastIndexOf('\n', first) + 1;
  const indented = lineStart > 0 || atLineStart;
  return indented && first - lineStart <= rules.maxChars / 4 ? lineStart : first;
}

function firstNonSpace(text: string, from: number): number {
  nonSpace.lastIndex = from;
  return nonSpace.exec(text)?.index ?? -1;
}

/** The last offset at or before `at` that does not tear a word: beside white space, or the very end; else 0. */
function gapBefore(text: string, at: number): number {
  if (at >= text.length) return text.length;
  if (/\s/.test(text.charAt(at))) return at;
  let gap = at;
  while (gap > 0 && !/\s/.test(text.charAt(gap - 1))) gap -= 1;
  return gap;
}
