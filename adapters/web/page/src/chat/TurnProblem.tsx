import { Icon } from '../components/Icon.js';
import type { Conversation } from '../state/conversation.js';
import { words } from '../state/words.js';

/** Why the last message got no reply, and what can be done. */
export function TurnProblem({ conversation, turnId }: { conversation: Conversation; turnId: string | null }) {
  const problem = conversation.problem.value;
  if (problem === null) return null;
  return (
    <div class="problem" role="alert">
      <Icon name="info" />
      <div>
        <p class="problem-text">{problem.message}</p>
        <p class="problem-cure">{problem.cure}</p>
      </div>
      <button type="button" class="button" onClick={() => void conversation.regenerate(turnId)}>
        {words().app.retry}
      </button>
    </div>
  );
}
