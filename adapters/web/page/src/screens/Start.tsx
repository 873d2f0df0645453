import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { CharacterCard, Persona } from '../api/types.js';
import { Avatar } from '../components/Avatar.js';
import { Icon } from '../components/Icon.js';
import { PersonaFields } from '../components/PersonaFields.js';
import { Screen } from '../components/Screen.js';
import { findMatches, hello, matchNotice, persona } from '../state/account.js';
import { go, talkTo } from '../state/location.js';
import { usePersonaForm } from '../state/persona-form.js';
import { hrefs } from '../state/route.js';
import { attempt, complain } from '../state/toasts.js';
import { plural, words } from '../state/words.js';

const faces = 7;

/** The faces of a few characters, and the way to all of them. */
function Faces() {
  const [some, setSome] = useState<readonly CharacterCard[]>([]);
  useEffect(() => {
    api.characters({ limit: faces }).then((page) => setSome(page.characters), complain);
  }, []);
  return (
    <a class="faces" href={hrefs.characters}>
      <span class="faces-row">
        {some.map((character) => (
          <Avatar key={character.id} name={character.name} avatar={character.avatar} size="s" />
        ))}
      </span>
      <span class="faces-text">
        {plural(words().start.meet, hello.value?.characters ?? 0, words().locale)}
        <Icon name="chevron" size={16} />
      </span>
    </a>
  );
}

/** "What's on your mind?": the first screen. */
export function Start() {
  const form = usePersonaForm(persona());
  const [busy, setBusy] = useState(false);
  const [known] = useState(() => knowsSomething(form.persona));
  const phrases = words().start;

  const submit = async (): Promise<void> => {
    setBusy(true);
    const found = await attempt(() => findMatches(form.complete()));
    setBusy(false);
    if (found) go(hrefs.match);
  };
  const skip = async (): Promise<void> => {
    setBusy(true);
    await attempt(async () => {
      const [best] = await findMatches(form.complete());
      // Help comes before any character.
      if (best === undefined || matchNotice.value !== '') go(best ? hrefs.match : hrefs.characters);
      else await talkTo(best.character.id, best.reasons);
    });
    setBusy(false);
  };

  return (
    <Screen page={phrases.page} title={phrases.title} lead={phrases.lead} narrow>
      <form
        class="start"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label class="start-worry">
          <span class="visually-hidden">{phrases.worryLabel}</span>
          <textarea
            class="input"
            rows={4}
            maxLength={2000}
            value={form.persona.worry ?? ''}
            placeholder={phrases.worryPlaceholder}
            onInput={(event) => form.change({ worry: event.currentTarget.value })}
          />
        </label>
        <details class="start-about" open={known}>
          <summary>
            <Icon name="chevron" size={18} />
            <span class="start-about-title">{phrases.aboutTitle}</span>
            <span class="start-about-hint">{phrases.aboutHint}</span>
          </summary>
          <PersonaFields form={form} />
        </details>
        <div class="start-actions">
          <button type="submit" class="button button-primary button-large" disabled={busy}>
            {busy ? phrases.submitting : phrases.submit}
          </button>
          <button
            type="button"
            class="button button-quiet button-large"
            disabled={busy}
            onClick={() => void skip()}
          >
            {phrases.skip}
          </button>
        </div>
      </form>
      <Faces />
      <section class="promises" aria-label={phrases.promiseTitle}>
        <p>
          <Icon name="info" />
          <span>
            {phrases.promiseAi} <a href={hrefs.safety}>{words().nav.safety}</a>
          </span>
        </p>
        <p>
          <Icon name="data" />
          {phrases.promiseHere}
        </p>
        <p>
          <Icon name="trash" />
          {phrases.promiseYours}
        </p>
      </section>
    </Screen>
  );
}

function knowsSomething({ facts, mbti, name, country, age }: Persona): boolean {
  return facts.length > 0 || [mbti, name, country, age].some((said) => said !== undefined);
}
