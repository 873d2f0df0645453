import { api } from '../api/calls.js';
import { matches, persona, setPersona } from '../state/account.js';
import { samePersona, usePersonaForm } from '../state/persona-form.js';
import { attempt, tell } from '../state/toasts.js';
import { words } from '../state/words.js';
import { PersonaFields } from './PersonaFields.js';

/** The persona, to be read and changed. */
export function MyPersona() {
  const known = persona();
  const form = usePersonaForm(known);
  const phrases = words().data;
  const changed = !samePersona(form.complete(), known);
  const save = async (): Promise<void> => {
    const next = form.complete();
    if (!(await attempt(() => api.saveMe(next)))) return;
    setPersona(next);
    form.reset(next);
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
            maxLength={2000}
            value={form.persona.worry ?? ''}
            onInput={(event) => form.change({ worry: event.currentTarget.value })}
          />
        </label>
        <PersonaFields form={form} />
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
