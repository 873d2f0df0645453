import { useId, useState } from 'preact/hooks';
import { fill, words } from '../state/words.js';
import { Dialog } from './Dialog.js';

interface ConfirmProps {
  readonly title: string;
  /** May hold `{word}`, where a word has to be typed. */
  readonly text: string;
  readonly action: string;
  readonly word?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, text, action, word, onConfirm, onClose }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const input = useId();
  const ready = word === undefined || typed.trim() === word;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onConfirm();
        }}
      >
        {word === undefined ? (
          <p class="dialog-text">{text}</p>
        ) : (
          <>
            <label for={input} class="dialog-text">
              {fill(text, { word })}
            </label>
            <input
              id={input}
              class="input"
              autocomplete="off"
              spellcheck={false}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            {words().app.cancel}
          </button>
          <button type="submit" class="button button-danger" disabled={!ready}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
