import { useEffect, useId } from 'preact/hooks';
import { countries, loadCountries } from '../state/countries.js';
import { mbtiTypes } from '../state/gallery.js';
import type { PersonaForm } from '../state/persona-form.js';
import { fill, words } from '../state/words.js';
import { Icon } from './Icon.js';

function Facts({ form }: { form: PersonaForm }) {
  const phrases = words().start;
  const input = useId();
  const { facts } = form.persona;
  return (
    <div class="field">
      <label class="field-label" for={input}>
        {phrases.factsLabel}
      </label>
      {facts.length > 0 && (
        <ul class="facts">
          {facts.map((known) => (
            <li key={known} class="fact">
              <span>{known}</span>
              <button
                type="button"
                class="button-icon"
                aria-label={fill(phrases.removeFact, { fact: known })}
                onClick={() => form.change({ facts: facts.filter((other) => other !== known) })}
              >
                <Icon name="close" size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="field-row">
        <input
          id={input}
          class="input"
          maxLength={300}
          value={form.fact}
          placeholder={phrases.factPlaceholder}
          onInput={(event) => form.writeFact(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault();
            form.addFact();
          }}
        />
        <button type="button" class="button" aria-label={phrases.addFactLong} onClick={form.addFact}>
          {phrases.addFact}
        </button>
      </div>
    </div>
  );
}

/** Where the person is, for the helplines there. */
function CountryField({ form }: { form: PersonaForm }) {
  const phrases = words().start;
  const { country = '' } = form.persona;
  useEffect(() => void loadCountries(), []);
  return (
    <label class="field">
      <span class="field-label">{phrases.countryLabel}</span>
      <select
        class="input"
        value={country}
        onChange={(event) => form.change({ country: event.currentTarget.value })}
      >
        <option value="">{phrases.countryNone}</option>
        {countries.value.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How old the person is, as they say it. */
function AgeField({ form }: { form: PersonaForm }) {
  const phrases = words().start;
  const { age = '' } = form.persona;
  return (
    <label class="field">
      <span class="field-label">{phrases.ageLabel}</span>
      <input
        class="input"
        type="number"
        inputMode="numeric"
        min={1}
        max={120}
        value={age}
        onInput={(event) => form.change({ age: event.currentTarget.value })}
      />
    </label>
  );
}

/** Facts, name, type, age and country of a person; all optional. */
export function PersonaFields({ form }: { form: PersonaForm }) {
  const phrases = words().start;
  const { name = '', mbti = '' } = form.persona;
  return (
    <div class="stack">
      <Facts form={form} />
      <div class="field-pair">
        <label class="field">
          <span class="field-label">{phrases.nameLabel}</span>
          <input
            class="input"
            autocomplete="given-name"
            maxLength={80}
            value={name}
            placeholder={phrases.namePlaceholder}
            onInput={(event) => form.change({ name: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          <span class="field-label">{phrases.mbtiLabel}</span>
          <select
            class="input"
            value={mbti}
            onChange={(event) => form.change({ mbti: event.currentTarget.value })}
          >
            <option value="">{phrases.mbtiNone}</option>
            {mbtiTypes.map((type) => (
              <option key={type} value={type}>
                {type}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="field-pair">
        <CountryField form={form} />
        <AgeField form={form} />
      </div>
    </div>
  );
}
