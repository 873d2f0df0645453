import { words } from '../state/words.js';

/** Three dots while something is fetched. */
export function Waiting() {
  return (
    <p class="waiting">
      <span class="dots" aria-hidden="true">
        <span />
        <span />
        <span />
      </span>
      <span class="visually-hidden">{words().app.loading}</span>
    </p>
  );
}
