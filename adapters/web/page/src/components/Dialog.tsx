import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../state/words.js';
import { Icon } from './Icon.js';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** `sheet`: slides up from the lower edge on phones. */
  readonly kind?: 'box' | 'sheet';
  /** False where the dialog must be answered. */
  readonly closable?: boolean;
}

/** A modal dialog: the browser keeps the focus inside, gives it back afterwards and closes on Escape. */
export function Dialog({ title, onClose, children, kind = 'box', closable = true }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      class={`dialog dialog-${kind}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (closable) onClose();
      }}
      onMouseDown={(event) => {
        if (closable && event.target === box.current) onClose();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={heading}>{title}</h2>
        </header>
        {children}
        {closable && (
          <button
            type="button"
            class="button-icon dialog-close"
            aria-label={words().app.close}
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
    </dialog>
  );
}
