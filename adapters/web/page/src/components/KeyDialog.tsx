import { useState } from 'preact/hooks';
import { keyQuestion } from '../state/key.js';
import { loadedWords } from '../state/words.js';
import { Dialog } from './Dialog.js';
import { Icon } from './Icon.js';

/** Asks for the server's key. Works before the words are there: then the server's own sentence is the label. */
export function KeyDialog() {
  const [key, setKey] = useState('');
  const question = keyQuestion.value;
  if (question === null) return null;
  const phrases = loadedWords.value?.key;
  return (
    <Dialog title={phrases?.title ?? question.problem.message} closable={false} onClose={() => undefined}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() === '') return;
          question.answer(key.trim());
          setKey('');
        }}
      >
        <p class="dialog-text">{phrases?.text ?? question.problem.cure}</p>
        <label class="field">
          <span class="field-label">{phrases?.label ?? question.problem.message}</span>
          <input
            class="input"
            type="password"
            autocomplete="current-password"
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        <div class="dialog-actions">
          <button
            type="submit"
            class="button button-primary"
            aria-label={phrases?.submit ?? question.problem.message}
          >
            {phrases?.submit ?? <Icon name="check" />}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
