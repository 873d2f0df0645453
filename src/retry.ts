/**
 * Does something until it succeeds.
 * @param again asked after each failure whether it is tried once more; waits as long as it is sensible to wait.
 * @throws what the last try threw.
 */
export async function retry<T>(
  work: () => Promise<T>,
  again: (error: unknown, tries: number) => boolean | Promise<boolean>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(await again(error, tries))) throw error;
    }
  }
}
