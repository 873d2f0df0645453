import { useId, useState } from 'preact/hooks';
import type { Session } from '../api/types.js';
import { Icon } from '../components/Icon.js';
import type { Conversation } from '../state/conversation.js';
import { goals } from '../state/goals.js';
import { fill, words } from '../state/words.js';

/** Longest goal in a person's own words. */
const mostChars = 100;

interface GoalPanelProps {
  readonly conversation: Conversation;
  readonly session: Session;
  readonly onClose: () => void;
}

/** The turn-level goals, or the person's own words: for the next reply only (a queue), or until turned off. */
export function GoalPanel({ conversation, session, onClose }: GoalPanelProps) {
  const [mode, setMode] = useState<'once' | 'sticky'>('once');
  const [own, setOwn] = useState('');
  const heading = useId();
  const phrases = words().goals;
  const { sticky, queue } = session.steering;

  const choose = (goal: string): void => {
    if (mode === 'sticky') void conversation.steer({ queue, sticky: sticky === goal ? null : goal });
    else if (queue.includes(goal))
      void conversation.steer({ sticky, queue: queue.filter((other) => other !== goal) });
    else void conversation.steer({ sticky, queue: [...queue, goal] });
  };
  const chooseOwn = (): void => {
    const goal = own.trim();
    if (goal === '') return;
    setOwn('');
    void conversation.steer(
      mode === 'sticky' ? { queue, sticky: goal } : { sticky, queue: [...queue, goal] },
    );
  };

  return (
    <section class="goals" aria-labelledby={heading}>
      <header class="goals-head">
        <div>
          <h2 id={heading}>{phrases.title}</h2>
          <p class="hint">{fill(phrases.hint, { name: session.character.shortName })}</p>
        </div>
        <button type="button" class="button-icon" aria-label={words().app.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <fieldset class="segments">
        <legend class="visually-hidden">{phrases.modeLabel}</legend>
        {(['once', 'sticky'] as const).map((value) => (
          <label key={value} class="segment">
            <input
              type="radio"
              name="goal-mode"
              value={value}
              checked={mode === value}
              onChange={() => setMode(value)}
            />
            <span>{phrases[value]}</span>
          </label>
        ))}
      </fieldset>
      <div class="chips">
        {goals.value.map(({ goal, label }) => {
          const place = queue.indexOf(goal);
          const chosen = mode === 'sticky' ? sticky === goal : place !== -1;
          return (
            <button key={goal} type="button" class="chip" aria-pressed={chosen} onClick={() => choose(goal)}>
              {label}
              {mode === 'once' && place !== -1 && <span class="chip-place">{place + 1}</span>}
            </button>
          );
        })}
      </div>
      <div class="goals-own">
        <input
          type="text"
          maxLength={mostChars}
          aria-label={phrases.own}
          placeholder={phrases.ownPlaceholder}
          value={own}
          onInput={(event) => setOwn(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            // The message below is not sent with it.
            event.preventDefault();
            chooseOwn();
          }}
        />
        <button type="button" class="button" disabled={own.trim() === ''} onClick={chooseOwn}>
          {phrases.ownAdd}
        </button>
      </div>
    </section>
  );
}
