import { useId, useState } from 'preact/hooks';
import type { Persona } from '../api/types.js';
import { fill } from '../state/fill.js';
import { mbtiTypes } from '../state/mbti.js';
import { words } from '../state/words.js';
import { Icon } from './Icon.js';

interface FieldsProps {
  readonly persona: Persona;
  readonly onChange: (persona: Persona) => void;
}

function Facts({ persona, onChange }: FieldsProps) {
  const [fact, setFact] = useState('');
  const phrases = words().start;
  const input = useId();
  const add = (): void => {
    const text = fact.trim();
    if (text === '') return;
    if (!persona.facts.includes(text)) onChange({ ...persona, facts: [...persona.facts, text] });
    setFact('');
  };
  return (
    <div class="field">
      <label class="field-label" for={input}>
        {phrases.factsLabel}
      </label>
      {persona.facts.length > 0 && (
        <ul class="facts">
          {persona.facts.map((known) => (
            <li key={known} class="fact">
              <span>{known}</span>
              <button
                type="button"
                class="button-icon"
                aria-label={fill(phrases.removeFact, { fact: known })}
                onClick={() =>
                  onChange({ ...persona, facts: persona.facts.filter((other) => other !== known) })
                }
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
          value={fact}
          placeholder={phrases.factPlaceholder}
          onInput={(event) => setFact(event.currentTarget.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault();
            add();
          }}
        />
        <button type="button" class="button" aria-label={phrases.addFactLong} onClick={add}>
          {phrases.addFact}
        </button>
      </div>
    </div>
  );
}

/** Name, facts and type of a person; all optional. */
export function PersonaFields({ persona, onChange }: FieldsProps) {
  const phrases = words().start;
  const { mbti, name, ...rest } = persona;
  return (
    <div class="stack">
      <Facts persona={persona} onChange={onChange} />
      <div class="field-pair">
        <label class="field">
          <span class="field-label">{phrases.nameLabel}</span>
          <input
            class="input"
            autocomplete="given-name"
            value={name ?? ''}
            placeholder={phrases.namePlaceholder}
            onInput={(event) =>
              onChange({ ...rest, ...(mbti && { mbti }), ...textOf('name', event.currentTarget.value) })
            }
          />
        </label>
        <label class="field">
          <span class="field-label">{phrases.mbtiLabel}</span>
          <select
            class="input"
            value={mbti ?? ''}
            onChange={(event) =>
              onChange({ ...rest, ...(name && { name }), ...textOf('mbti', event.currentTarget.value) })
            }
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
    </div>
  );
}

function textOf<Key extends 'name' | 'mbti'>(key: Key, value: string): Partial<Record<Key, string>> {
  return value === '' ? {} : ({ [key]: value } as Record<Key, string>);
}
