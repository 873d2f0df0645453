import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { Remembering } from '../api/types.js';
import { attempt } from '../state/toasts.js';
import { fill, words } from '../state/words.js';
import { Icon } from './Icon.js';

const modes = ['off', 'ask', 'on'] as const;

/** Whether facts are read out of what the person tells, and what waits for their word. @param changed called when something was kept. */
export function MyRemembering({ changed }: { readonly changed: () => void }) {
  const [state, setState] = useState<Remembering | null>(null);
  const phrases = words().data;
  useEffect(() => {
    void attempt(async () => setState(await api.remembering()));
  }, []);
  if (!state?.offered) return null;
  const decide = async (decision: 'keep' | 'drop', ids: readonly string[]): Promise<void> => {
    if (!(await attempt(async () => setState(await api.decideMemories(decision, ids))))) return;
    if (decision === 'keep') changed();
  };
  return (
    <div class="remembering">
      <h3>{phrases.rememberingTitle}</h3>
      <fieldset class="segments">
        <legend class="visually-hidden">{phrases.rememberingTitle}</legend>
        {modes.map((mode) => (
          <label key={mode} class="segment">
            <input
              type="radio"
              name="remembering"
              value={mode}
              checked={state.mode === mode}
              onChange={() => void attempt(async () => setState(await api.setRemembering(mode)))}
            />
            <span>{phrases.rememberingModes[mode]}</span>
          </label>
        ))}
      </fieldset>
      <p class="hint">{phrases.rememberingHints[state.mode]}</p>
      {state.waiting.length > 0 && (
        <>
          <h3>{phrases.waitingTitle}</h3>
          <ul class="memories">
            {state.waiting.map(({ id, text, line }) => (
              <li key={id} class="memory">
                <span class="memory-text">
                  {text}
                  {line && <span class="hint"> {fill(phrases.waitingLine, { line })}</span>}
                </span>
                <button
                  type="button"
                  class="button-icon"
                  aria-label={fill(phrases.waitingKeep, { text })}
                  onClick={() => void decide('keep', [id])}
                >
                  <Icon name="check" size={18} />
                </button>
                <button
                  type="button"
                  class="button-icon"
                  aria-label={fill(phrases.waitingDrop, { text })}
                  onClick={() => void decide('drop', [id])}
                >
                  <Icon name="trash" size={18} />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
