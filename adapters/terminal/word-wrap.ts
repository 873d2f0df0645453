/** Drawn two columns wide: East Asian letters and emoji (Unicode UAX #11, the ranges that are met in talk). */
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}])/u;

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of clusters.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Writes text that comes in pieces, and breaks its lines between words: a word is held until its end is known. */
export class WordWrap {
  readonly #write: (text: string) => void;
  readonly #columns: () => number | undefined;
  #column = 0;
  #gap = '';
  #word = '';

  /** @param columns of the screen; undefined where lines are not broken (a pipe). */
  constructor(write: (text: string) => void, columns: () => number | undefined) {
    this.#write = write;
    this.#columns = columns;
  }

  put(text: string): void {
    if (this.#columns() === undefined) {
      this.end();
      this.#write(text);
      return;
    }
    for (const { segment } of clusters.segment(text)) {
      if (segment === '\n' || segment === '\r\n') {
        this.end();
        this.#write('\n');
        this.#column = 0;
      } else if (segment === ' ') {
        this.#flush();
        this.#gap += segment;
      } else if (wide.test(segment)) {
        // Their lines may break anywhere.
        this.#flush();
        this.#word = segment;
        this.#flush();
      } else this.#word += segment;
    }
  }

  /** Writes something that is not broken and may hold colours. @param plain the same without them. */
  mark(text: string, plain: string): void {
    this.end();
    this.#write(text);
    this.#column += widthOf(plain);
  }

  /** Writes what is held back. */
  end(): void {
    this.#flush();
    if (this.#gap !== '') this.#write(this.#gap);
    this.#column += this.#gap.length;
    this.#gap = '';
  }

  #flush(): void {
    if (this.#word === '') return;
    const columns = this.#columns() ?? Number.POSITIVE_INFINITY;
    const width = widthOf(this.#word);
    if (this.#column > 0 && this.#column + this.#gap.length + width > columns) {
      this.#write('\n');
      this.#column = 0;
      this.#gap = '';
    }
    this.#write(`${this.#gap}${this.#word}`);
    this.#column = (this.#column + this.#gap.length + width) % Math.max(1, columns + 1);
    this.#gap = '';
    this.#word = '';
  }
}

/** A whole text, its lines broken between words. */
export function wrapped(text: string, columns: number | undefined): string {
  let out = '';
  const wrap = new WordWrap(
    (part) => {
      out += part;
    },
    () => columns,
  );
  wrap.put(text);
  wrap.end();
  return out;
}
