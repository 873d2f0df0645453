import type { Json } from '../api/types.js';
import { wordFor, words } from '../state/words.js';
import { lineOf } from './decisions.js';

/** Plain data as terms and values. */
export function Pairs({ pairs }: { pairs: readonly (readonly [string, Json])[] }) {
  const { yes, no, terms } = words().why;
  return (
    <dl class="pairs">
      {pairs.map(([term, value]) => (
        <div key={term}>
          <dt>{wordFor(terms, term)}</dt>
          <dd>{lineOf(value, yes, no)}</dd>
        </div>
      ))}
    </dl>
  );
}
