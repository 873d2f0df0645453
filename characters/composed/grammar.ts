/** Words that begin with a vowel letter and a consonant's sound, and the other way round. */
const consonantSound = /^(?:eu|uni(?!n|m)|use|usu|uk|one\b|once\b|ur[aeiou]|ut[aeiou])/i;
const vowelSound = /^(?:hour|honest|honou?r|heir|8|11(?!\d)|18(?!\d)|x-)/i;

/** "an" before a vowel's sound, else "a". Numbers are read as they are spoken: an 18-year-old, an 80-year-old, a 100-year-old. */
export function article(next: string): 'a' | 'an' {
  if (vowelSound.test(next)) return 'an';
  if (consonantSound.test(next)) return 'a';
  const [first = ''] = next.normalize('NFD');
  return /[aeiou]/i.test(first) ? 'an' : 'a';
}

/**
 * Fills `{slot}` places. A slot behind "a" or "an" gets the article its filling asks for; one that begins a sentence a capital.
 * @param value what stands for a slot.
 */
export function fill(text: string, value: (slot: string) => string): string {
  if (!text.includes('{')) return text;
  return text.replace(
    /(^|[.!?]["”']?\s+)?(\b[Aa]n?\s+)?\{([^}]*)\}/g,
    (_, start: string | undefined, before: string | undefined, slot: string, at: number) => {
      const filled = value(slot);
      if (before !== undefined) {
        const found = article(filled);
        return `${start ?? ''}${/^A/.test(before) ? capital(found) : found} ${filled}`;
      }
      return `${start ?? ''}${start === undefined && at > 0 ? filled : capital(filled)}`;
    },
  );
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The first letter small, unless the word is "I" or a name (a capital inside a word that is told so is kept by the caller). */
export function small(text: string): string {
  return /^I\b/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

/** "understands what it is" → "understand what it is": a clause of the third person as it stands after "you". */
export function secondPerson(clause: string): string {
  return clause
    .replace(/^\S+/, (verb) => baseForm(verb))
    .replace(/\band (has|is|knows|understands|can)\b/g, (_, verb: string) => `and ${baseForm(verb)}`);
}

const irregular: Readonly<Record<string, string>> = {
  has: 'have',
  is: 'are',
  does: 'do',
  goes: 'go',
  was: 'were',
};

function baseForm(verb: string): string {
  const known = irregular[verb];
  if (known !== undefined) return known;
  if (/[^aeiou]ies$/.test(verb)) return verb.replace(/ies$/, 'y');
  if (/(?:ss|sh|ch|x|zz)es$/.test(verb)) return verb.slice(0, -2);
  return /[^su]s$/.test(verb) ? verb.slice(0, -1) : verb;
}

/** The text with a full stop, where it has no end of its own. */
export function sentence(text: string): string {
  return /[.!?…]["”']?$/.test(text) ? text : `${text}.`;
}
