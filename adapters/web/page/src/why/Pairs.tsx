import type { Json } from '../api/types.js';
import { words } from '../state/words.js';
import { lineOf } from './decisions.js';

/** Plain data as terms and values. */
export function Pairs({ pairs }: { pairs: readonly (readonly [string, Json])[] }) {
  const { yes, no } = words().why;
  return (
    <dl class="pairs">
      {pairs.map(([term, value]) => (
        <div key={term}>
          <dt>{term.replaceAll('_', ' ')}</dt>
          <dd>{lineOf(value, yes, no)}</dd>
        </div>
      ))}
    </dl>
  );
}
