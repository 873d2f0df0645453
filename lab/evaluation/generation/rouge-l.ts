const beta = 1.2;

/**
 * ROUGE-L of one text in [0, 1] (Lin 2004) as coco-caption's `Rouge`: F with β = 1.2 of the longest common subsequence, precision and
 * recall each the best over the references. A text without a word counts as one empty word, as there. The corpus's value is the mean.
 */
export function rougeL(hypothesis: readonly string[], references: readonly (readonly string[])[]): number {
  const said = words(hypothesis);
  let precision = 0;
  let recall = 0;
  for (const reference of references) {
    const wanted = words(reference);
    const common = longestCommon(said, wanted);
    precision = Math.max(precision, common / said.length);
    recall = Math.max(recall, common / wanted.length);
  }
  return precision === 0 || recall === 0
    ? 0
    : ((1 + beta ** 2) * precision * recall) / (recall + beta ** 2 * precision);
}

function words(text: readonly string[]): readonly string[] {
  return text.length === 0 ? [''] : text;
}

/** Length of the longest common subsequence; memory of one row. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const lengths = new Uint32Array(b.length + 1);
  for (const word of a) {
    let diagonal = 0;
    for (let index = 1; index <= b.length; index += 1) {
      const above = lengths[index] as number;
      lengths[index] = word === b[index - 1] ? diagonal + 1 : Math.max(above, lengths[index - 1] as number);
      diagonal = above;
    }
  }
  return lengths[b.length] as number;
}
