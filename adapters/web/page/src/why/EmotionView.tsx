import { Bar } from '../components/Bar.js';
import { fill, words } from '../state/words.js';
import { type Decision, numberAt, recordsAt, textAt } from './decisions.js';
import { ScoredBy } from './ScoredBy.js';

/** A feeling less likely than this is not worth naming: there are 32 of them. */
const worthNaming = 0.12;

/** How the person's message was read: the likeliest feelings, where any stands out. */
export function EmotionView({ decision }: { decision: Decision }) {
  const ranked = recordsAt(decision, 'ranked');
  const all = ranked.length > 0 ? ranked : [decision];
  const named = all.filter((feeling) => (numberAt(feeling, 'probability') ?? 0) >= worthNaming);
  return (
    <>
      {named.length === 0 && <p>{words().why.unclearFeeling}</p>}
      {named.map((feeling) => {
        const label = textAt(feeling, 'label') ?? '';
        const probability = numberAt(feeling, 'probability') ?? 0;
        return (
          <div key={label}>
            <p>{fill(words().why.feeling, { feeling: label })}</p>
            <p class="trace-share">
              <Bar share={probability} />
              <span>{fill(words().why.probability, { percent: Math.round(probability * 100) })}</span>
            </p>
          </div>
        );
      })}
      <p class="hint">{words().why.feelingGuess}</p>
      <ScoredBy kind={textAt(decision, 'kind')} />
    </>
  );
}
