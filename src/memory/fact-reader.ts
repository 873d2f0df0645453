/** A line that a person wrote, as it is read for facts. */
export interface WrittenLine {
  /** Id of the line in its transcript. */
  readonly entry: string;
  readonly text: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** A lasting fact about whoever wrote the lines. */
export interface ReadFact {
  /** First person, one statement: "I work nights in a bakery". */
  readonly text: string;
  /** Its place among the lines. */
  readonly line: number;
}

/** Reads lasting facts about a person out of what they wrote. */
export interface FactReader {
  /** `model` or `rules`. */
  readonly kind: string;
  /**
   * @param lines oldest first. @param known what is known already and need not be read again.
   * @throws where it cannot be read, or not in time.
   */
  read(
    lines: readonly WrittenLine[],
    known: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ReadFact[]>;
}

/** The longest fact that is read, UTF-16 units. */
export const readFactUnits = 200;
