import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { Memory } from '../api/types.js';
import { saveFile } from '../state/save-file.js';
import { attempt, tell } from '../state/toasts.js';
import { fill, plural, words } from '../state/words.js';
import { dayOf } from '../text/dates.js';
import { Icon } from './Icon.js';
import { MyRemembering } from './MyRemembering.js';
import { Waiting } from './Waiting.js';

/** The facts that characters may come back to: listed, added, pinned, forgotten, taken along. */
export function MyMemories() {
  const [memories, setMemories] = useState<readonly Memory[] | null>(null);
  const [text, setText] = useState('');
  const phrases = words().data;

  const load = (): Promise<boolean> => attempt(async () => setMemories((await api.memories()).memories));
  useEffect(() => {
    void load();
  }, []);

  const add = async (): Promise<void> => {
    const fact = text.trim();
    if (fact === '') return;
    if (await attempt(() => api.addMemory(fact))) {
      setText('');
      await load();
    }
  };
  const remove = async (memory: Memory): Promise<void> => {
    if (!(await attempt(() => api.deleteMemory(memory.id)))) return;
    setMemories((known) => known?.filter(({ id }) => id !== memory.id) ?? null);
    tell(phrases.memoryRemoved);
  };

  const pin = async ({ id, pinned }: Memory): Promise<void> => {
    if (await attempt(() => api.pinMemory(id, !pinned))) await load();
  };
  const readFile = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    await attempt(async () => {
      const { added } = await api.importMemories(await file.text());
      tell(plural(phrases.memoriesImported, added, words().locale));
    });
    await load();
  };

  return (
    <section class="card section" aria-labelledby="remembered">
      <h2 id="remembered">{phrases.memoriesTitle}</h2>
      <p class="hint">{phrases.memoriesHint}</p>
      {memories === null ? (
        <Waiting />
      ) : memories.length === 0 ? (
        <p class="empty-inline">{phrases.memoriesNone}</p>
      ) : (
        <ul class="memories">
          {memories.map((memory) => (
            <li key={memory.id} class="memory">
              <span class="memory-text">{memory.text}</span>
              <time class="hint" dateTime={new Date(memory.at).toISOString()}>
                {dayOf(memory.at, Date.now(), words().chat.day, words().locale)}
              </time>
              {memory.earlier && <span class="hint">{phrases.memoryEarlier}</span>}
              {memory.read && <span class="hint">{phrases.memoryRead}</span>}
              {memory.pinned && <span class="hint">{phrases.memoryPinned}</span>}
              <button
                type="button"
                class="button-icon"
                aria-pressed={memory.pinned ?? false}
                aria-label={fill(phrases.memoryPin, { text: memory.text })}
                onClick={() => void pin(memory)}
              >
                <Icon name="remember" size={18} />
              </button>
              <button
                type="button"
                class="button-icon"
                aria-label={fill(phrases.memoryRemove, { text: memory.text })}
                onClick={() => void remove(memory)}
              >
                <Icon name="trash" size={18} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        class="field-row"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <input
          class="input"
          aria-label={phrases.memoryLabel}
          placeholder={phrases.memoryPlaceholder}
          maxLength={500}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button">
          {phrases.memoryAdd}
        </button>
      </form>
      <div class="field-row">
        <button
          type="button"
          class="button"
          onClick={() =>
            void attempt(async () => saveFile(await api.exportMemories(), phrases.memoriesExportFile))
          }
        >
          <Icon name="download" />
          {phrases.memoriesExport}
        </button>
        <label class="button">
          <Icon name="plus" />
          {phrases.memoriesImport}
          <input
            type="file"
            class="visually-hidden"
            accept=".json,.txt,application/json,text/plain"
            onChange={(event) => void readFile(event.currentTarget.files?.[0])}
          />
        </label>
      </div>
      <MyRemembering changed={() => void load()} />
    </section>
  );
}
