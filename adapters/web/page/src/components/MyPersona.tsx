import { useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { Persona } from '../api/types.js';
import { matches, persona, setPersona } from '../state/account.js';
import { attempt, tell } from '../state/toasts.js';
import { words } from '../state/words.js';
import { PersonaFields } from './PersonaFields.js';

/** The persona, to be read and changed. */
export function MyPersona() {
  const known = persona();
  const [form, setForm] = useState<Persona>(known);
  const phrases = words().data;
  const changed = JSON.stringify(sorted(form)) !== JSON.stringify(sorted(known));
  const save = async (): Promise<void> => {
    if (!(await attempt(() => api.saveMe(form)))) return;
    setPersona(form);
    matches.value = null;
    tell(phrases.saved);
  };
  return (
    <section class="card section" aria-labelledby="about-you">
      <h2 id="about-you">{phrases.personaTitle}</h2>
      <p class="hint">{phrases.personaHint}</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label class="field">
          <span class="field-label">{words().start.worryLabel}</span>
          <textarea
            class="input"
            rows={3}
            value={form.worry ?? ''}
            onInput={(event) => {
              const { worry: _old, ...rest } = form;
              const worry = event.currentTarget.value;
              setForm(worry === '' ? rest : { ...rest, worry });
            }}
          />
        </label>
        <PersonaFields persona={form} onChange={setForm} />
        <div class="section-actions">
          <button type="submit" class="button button-primary" disabled={!changed}>
            {phrases.save}
          </button>
          {changed && <span class="hint">{phrases.unsaved}</span>}
        </div>
      </form>
    </section>
  );
}

function sorted({ name, facts, mbti, worry }: Persona): unknown[] {
  return [name ?? '', facts, mbti ?? '', worry ?? ''];
}
