import { Icon } from '../components/Icon.js';
import { RichText } from '../components/RichText.js';
import { words } from '../state/words.js';

/** Rapport speaking, not the character: care with helplines, disclosure, an apology. */
export function Notice({ text }: { text: string }) {
  return (
    <li class="line-notice">
      <div class="notice">
        <p class="notice-label">
          <Icon name="care" size={18} />
          {words().notice.label}
        </p>
        <RichText text={text} phones />
      </div>
    </li>
  );
}
