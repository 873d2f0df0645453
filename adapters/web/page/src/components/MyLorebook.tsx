import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import { saveFile } from '../state/save-file.js';
import { attempt } from '../state/toasts.js';
import { plural, words } from '../state/words.js';
import { Icon } from './Icon.js';

/** A lorebook of the person's own: told in their private conversations where it is spoken of. */
export function MyLorebook() {
  const [entries, setEntries] = useState<number | null>(null);
  const phrases = words().data;
  useEffect(() => {
    void attempt(async () => setEntries((await api.lorebook()).entries.length));
  }, []);
  const readFile = async (file: File | undefined): Promise<void> => {
    if (file) await attempt(async () => setEntries((await api.saveLorebook(await file.text())).entries));
  };
  if (entries === null) return null;
  return (
    <section class="card section" aria-labelledby="lorebook">
      <h2 id="lorebook">{phrases.lorebookTitle}</h2>
      <p class="hint">{phrases.lorebookHint}</p>
      <p>{entries === 0 ? phrases.lorebookNone : plural(phrases.lorebookEntries, entries, words().locale)}</p>
      <div class="field-row">
        <label class="button">
          <Icon name="plus" />
          {phrases.lorebookImport}
          <input
            type="file"
            class="visually-hidden"
            accept=".json,application/json"
            onChange={(event) => void readFile(event.currentTarget.files?.[0])}
          />
        </label>
        {entries > 0 && (
          <>
            <button
              type="button"
              class="button"
              onClick={() =>
                void attempt(async () => saveFile(await api.exportLorebook(), phrases.lorebookFile))
              }
            >
              <Icon name="download" />
              {phrases.lorebookExport}
            </button>
            <button
              type="button"
              class="button"
              onClick={() =>
                void attempt(async () => {
                  await api.removeLorebook();
                  setEntries(0);
                })
              }
            >
              <Icon name="trash" />
              {phrases.lorebookRemove}
            </button>
          </>
        )}
      </div>
    </section>
  );
}
