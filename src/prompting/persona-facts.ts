import type { Character } from '../../characters/schema.js';

/** PersonaGPT's checkpoints saw three to five facts. */
const maxFacts = 5;
const factUnits = 160;

/**
 * The persona as PersonaGPT's facts: lower-case sentences in the first person that end with a full stop. Taken from the
 * character's `facts` where it has them, else from the sentences of its statement; the memory of this turn fills a
 * free place.
 */
export function personaFacts(character: Character, statement: string, memory: string | undefined): string[] {
  const given: unknown = character.facts;
  const own = Array.isArray(given)
    ? given.filter((fact) => typeof fact === 'string' && fact.trim() !== '')
    : [];
  const facts = own.length > 0 ? own.map(String) : sentencesOf(statement).map(inFirstPerson);
  const fitting = facts.filter((fact) => fact.length <= factUnits);
  const chosen = (fitting.length > 0 ? fitting : facts).slice(0, maxFacts);
  const recalled = memory ? sentencesOf(memory)[0] : undefined;
  if (recalled && chosen.length < maxFacts) chosen.push(inFirstPerson(recalled));
  return chosen.map(asFact);
}

/** One line, lower case, one full stop at the end. */
export function asFact(text: string): string {
  return `${text
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/[\s.!?]+$/, '')}.`;
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence.trim() !== '');
}

const firstPerson: readonly (readonly [RegExp, string])[] = [
  [/\byou are\b/gi, 'I am'],
  [/\byou're\b/gi, "I'm"],
  [/\byou were\b/gi, 'I was'],
  [/\byourself\b/gi, 'myself'],
  [/\byours\b/gi, 'mine'],
  [/\byour\b/gi, 'my'],
  // As an object: after a preposition, or before what cannot follow a subject.
  [/\b(to|for|with|of|at|about|from|by|on|let|makes?|made) you\b/gi, '$1 me'],
  [/\byou(?=\s+(?:to|how|in|at|on|from|about|for|with)\b|\s*(?:[.,;:!?)]|$))/gi, 'me'],
  [/\byou\b/gi, 'I'],
];

function inFirstPerson(text: string): string {
  return firstPerson.reduce((sentence, [pattern, word]) => sentence.replace(pattern, word), text);
}
