/** What turns the direction of all that follows; marks of one letter (U+200E, U+200F, U+061C), which some languages need, stay. */
const turning = /[\u202A-\u202E\u2066-\u2069]/g;
const other = /[^\P{Cc}\n\t]/gu;

/** Text without control characters (tabs and line breaks stay) and without turned directions, with `\n` line ends and well-formed surrogates. */
export function stripControls(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(other, '').replace(turning, '');
}

/** {@link stripControls} for text that comes in pieces: the same however it was cut. */
export class ControlStripper {
  /** Half of a pair or of a line end, until it is known what follows. */
  #held = '';

  push(piece: string): string {
    const text = this.#held + piece;
    this.#held = /[\r\uD800-\uDBFF]$/.exec(text)?.[0] ?? '';
    return stripControls(text.slice(0, text.length - this.#held.length));
  }

  finish(): string {
    const rest = stripControls(this.#held);
    this.#held = '';
    return rest;
  }
}
