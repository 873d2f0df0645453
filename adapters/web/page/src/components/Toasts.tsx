import { dismiss, toasts } from '../state/toasts.js';
import { words } from '../state/words.js';
import { Icon } from './Icon.js';

/** Short notes at the lower edge; what failed says what can be done. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast toast-${toast.kind}`}>
          <Icon name={toast.kind === 'done' ? 'check' : 'info'} />
          <div class="toast-text">
            <p>{toast.text}</p>
            {toast.cure !== '' && <p class="toast-cure">{toast.cure}</p>}
          </div>
          <button
            type="button"
            class="button-icon"
            aria-label={words().app.close}
            onClick={() => dismiss(toast.id)}
          >
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
