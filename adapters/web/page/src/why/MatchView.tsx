import { Reasons } from '../components/Reasons.js';
import { words } from '../state/words.js';
import { type Decision, numberAt, pairsOf, recordsAt, textAt } from './decisions.js';
import { Pairs } from './Pairs.js';
import { ScoredBy } from './ScoredBy.js';

/** Why this character speaks. */
export function MatchView({ decision }: { decision: Decision }) {
  const reasons = recordsAt(decision, 'reasons').map((reason) => ({
    facet: textAt(reason, 'facet') ?? '',
    score: numberAt(reason, 'score') ?? 0,
    text: textAt(reason, 'text') ?? '',
  }));
  return (
    <>
      {reasons.length > 0 ? <Reasons reasons={reasons} /> : <p>{words().why.chosenByYou}</p>}
      <Pairs pairs={pairsOf(decision, ['reasons', 'characterId', 'kind', 'by'])} />
      <ScoredBy kind={textAt(decision, 'kind')} />
    </>
  );
}
