import type { Session } from '../api/types.js';
import { Icon } from '../components/Icon.js';
import type { Conversation } from '../state/conversation.js';
import { labelOf } from '../state/goals.js';
import { fill, words } from '../state/words.js';

/** Where the talk is being led now, and what is in line. */
export function ActiveGoals({ conversation, session }: { conversation: Conversation; session: Session }) {
  const { sticky, queue } = session.steering;
  const phrases = words().goals;
  if (sticky === null && queue.length === 0) return null;
  return (
    <ul class="active-goals">
      {queue.map((goal, index) => (
        <li key={goal} class="active-goal">
          <span class="active-goal-when">
            {index === 0 ? phrases.next : fill(phrases.queued, { n: index + 1 })}
          </span>
          {labelOf(goal)}
          <button
            type="button"
            class="button-icon button-tiny"
            aria-label={fill(phrases.dequeue, { goal: labelOf(goal) })}
            onClick={() =>
              void conversation.steer({ sticky, queue: queue.filter((other) => other !== goal) })
            }
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
      {sticky !== null && (
        <li class="active-goal active-goal-sticky">
          <Icon name="compass" size={16} />
          <span class="active-goal-when">{phrases.active}</span>
          {labelOf(sticky)}
          <button
            type="button"
            class="button-icon button-tiny"
            aria-label={fill(phrases.remove, { goal: labelOf(sticky) })}
            onClick={() => void conversation.steer({ sticky: null, queue })}
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      )}
      {queue.length > 1 && (
        <li>
          <button
            type="button"
            class="link"
            onClick={() => void conversation.steer({ sticky: null, queue: [] })}
          >
            {phrases.clear}
          </button>
        </li>
      )}
    </ul>
  );
}
