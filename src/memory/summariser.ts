/** A line of a conversation that is to be summed up. */
export interface SummedLine {
  readonly by: 'person' | 'character';
  readonly text: string;
}

/** Sums up what a prompt has no room for any more. */
export interface Summariser {
  /** `model` or `rules`. */
  readonly kind: string;
  /**
   * @param before what was summed up before, which the new summary takes in; null where nothing was. @param lines oldest first.
   * @returns at most {@link summaryUnits}. @throws where it cannot be made, or not in time.
   */
  sum(before: string | null, lines: readonly SummedLine[], signal: AbortSignal): Promise<string>;
}

/** The longest summary, UTF-16 units. */
export const summaryUnits = 900;
