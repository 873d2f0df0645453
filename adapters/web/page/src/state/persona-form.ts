import { useState } from 'preact/hooks';
import type { Persona } from '../api/types.js';

/** A persona while it is edited. */
export interface PersonaForm {
  readonly persona: Persona;
  /** The fact that is being typed and was not added yet. */
  readonly fact: string;
  readonly change: (change: Partial<Persona>) => void;
  readonly writeFact: (fact: string) => void;
  readonly addFact: () => void;
  /** The persona as it is meant: with the fact that is still in its field, without what is blank. */
  readonly complete: () => Persona;
  /** Takes what was saved as the new beginning. */
  readonly reset: (persona: Persona) => void;
}

export function usePersonaForm(initial: Persona): PersonaForm {
  const [persona, setPersona] = useState(initial);
  const [fact, setFact] = useState('');
  const withFact = (): readonly string[] => {
    const text = fact.trim();
    return text === '' || persona.facts.includes(text) ? persona.facts : [...persona.facts, text];
  };
  return {
    persona,
    fact,
    change: (change) => setPersona({ ...persona, ...change }),
    writeFact: setFact,
    addFact: () => {
      setPersona({ ...persona, facts: withFact() });
      setFact('');
    },
    complete: () => withoutBlanks({ ...persona, facts: withFact() }),
    reset: (next) => {
      setPersona(next);
      setFact('');
    },
  };
}

function withoutBlanks({ facts, ...texts }: Persona): Persona {
  const kept = Object.entries(texts)
    .map(([key, value]) => [key, String(value).trim()] as const)
    // An empty country or age is one that is taken back.
    .filter(([key, value]) => value !== '' || key === 'country' || key === 'age');
  return { facts, ...Object.fromEntries(kept) };
}

/** Whether two personas say the same. */
export function samePersona(a: Persona, b: Persona): boolean {
  const flat = ({ name, facts, mbti, worry, country, age }: Persona): string =>
    JSON.stringify([name ?? '', facts, mbti ?? '', worry ?? '', country ?? '', String(age ?? '')]);
  return flat(a) === flat(b);
}
