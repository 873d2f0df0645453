import { Bar } from '../components/Bar.js';
import { fill } from '../state/fill.js';
import { words } from '../state/words.js';
import { type Decision, numberAt, recordsAt, textAt } from './decisions.js';
import { ScoredBy } from './ScoredBy.js';

/** How the person's message was read: the likeliest feelings. */
export function EmotionView({ decision }: { decision: Decision }) {
  const listed = recordsAt(decision, 'ranked');
  return (
    <>
      {(listed.length > 0 ? listed : [decision]).map((feeling) => {
        const label = textAt(feeling, 'label') ?? '';
        const probability = numberAt(feeling, 'probability') ?? 0;
        return (
          <div key={label}>
            <p>{label}</p>
            <p class="trace-share">
              <Bar share={probability} />
              <span>{fill(words().why.probability, { percent: Math.round(probability * 100) })}</span>
            </p>
          </div>
        );
      })}
      <ScoredBy kind={textAt(decision, 'kind')} />
    </>
  );
}
