/** Reads what is stored, row by row, and goes on past what cannot be read. */
export class Readable {
  #unreadable = 0;

  /** Rows that could not be read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** What `read` returns; null where it throws, which is counted: one damaged row is no reason to keep all the others. */
  row<T>(read: () => T): T | null {
    try {
      return read();
    } catch {
      this.#unreadable += 1;
      return null;
    }
  }

  /** A time, ms since the epoch; null where the row cannot be read or has none. */
  time(read: () => number): number | null {
    return this.row(() => {
      const at: unknown = read();
      if (typeof at !== 'number') throw new TypeError('no time');
      return at;
    });
  }
}
