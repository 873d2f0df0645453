import { useRef, useState } from 'preact/hooks';
import { type Brought, bringCharacter } from '../api/own-characters.js';
import { hrefs } from '../state/route.js';
import { attempt } from '../state/toasts.js';
import { fill, words } from '../state/words.js';
import { Icon } from './Icon.js';

/** A place to drop a character card, or to choose the file of one. It is the person's alone. */
export function BringCharacter({ brought }: { brought: () => void }) {
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Brought | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const phrases = words().own;
  const bring = async (file: File | undefined): Promise<void> => {
    if (file === undefined || busy) return;
    setBusy(true);
    setTold(null);
    await attempt(async () => {
      setTold(await bringCharacter(file));
      brought();
    });
    setBusy(false);
    if (input.current !== null) input.current.value = '';
  };
  return (
    <section
      class={over ? 'bring bring-over' : 'bring'}
      aria-label={phrases.label}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void bring(event.dataTransfer?.files[0]);
      }}
    >
      <p>{phrases.text}</p>
      <label class="button">
        <Icon name="plus" />
        {busy ? phrases.reading : phrases.choose}
        <input
          ref={input}
          type="file"
          class="visually-hidden"
          accept=".png,.apng,.json,.charx,.yaml,.yml"
          disabled={busy}
          onChange={(event) => void bring(event.currentTarget.files?.[0])}
        />
      </label>
      <div role="status">
        {told !== null && (
          <>
            <p>
              <a href={hrefs.character(told.id)}>{fill(phrases.done, { name: told.name })}</a>
            </p>
            {told.warnings.length > 0 && (
              <ul class="bring-warnings">
                {told.warnings.map((warning) => (
                  <li key={warning}>{warning}</li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
    </section>
  );
}
