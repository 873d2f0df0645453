import type { MatchReason } from '../api/types.js';
import { wordFor, words } from '../state/words.js';
import { Bar } from './Bar.js';

/** Why a character fits: a sentence each, with how much it weighs. */
export function Reasons({ reasons }: { reasons: readonly MatchReason[] }) {
  return (
    <ul class="reasons">
      {reasons.map((reason) => (
        <li key={`${reason.facet}:${reason.text}`} class="reason">
          <span class="reason-head">
            <span class="reason-facet">{wordFor(words().facets, reason.facet)}</span>
            {reason.score > 0 && <Bar share={reason.score} />}
          </span>
          <span class="reason-text">{reason.text}</span>
        </li>
      ))}
    </ul>
  );
}
