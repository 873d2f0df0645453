import { fill, wordFor, words } from '../state/words.js';

/** Which scorer decided. */
export function ScoredBy({ kind }: { kind: string | undefined }) {
  return kind === undefined ? null : (
    <p class="hint trace-kind">{fill(words().why.scoredBy, { kind: wordFor(words().why.kinds, kind) })}</p>
  );
}
