/** Whose it is where nobody else was named before it: "lives with her grandmother". */
const ownPronoun = /^([^\p{Lu}]*?\b)(?:her|his|their)(?= \p{Ll})/u;
const firstVerb = /^((?:(?:never|always|often|really|also|still|just|usually|sometimes) )?)([\p{L}']+)/u;
const bare: Readonly<Record<string, string>> = {
  is: 'are',
  was: 'were',
  has: 'have',
  does: 'do',
  goes: 'go',
  "isn't": "aren't",
  "wasn't": "weren't",
  "hasn't": "haven't",
  "doesn't": "don't",
};

/**
 * What is known of somebody, said to them: `Jo has a sister called Ana.` and `I have a sister called Ana` become `You have a
 * sister called Ana.` English; null where it is neither told of them by name nor by themselves.
 * @param name what they are called in it; '' where unknown.
 */
export function toThemselves(fact: string, name: string): string | null {
  const text = fact.replace(/\s+/g, ' ').trim().replace(/[’]/g, "'");
  const names = [name, 'The person', 'The user'].filter(Boolean).map(escaped).join('|');
  const third = new RegExp(`^(?:${names})('s)?\\b\\s*(.*)$`, 'i').exec(text);
  const told = third ? ofThem(third[1] !== undefined, third[2] ?? '', names) : byThem(text);
  if (told === null || told === '') return null;
  const sentence = told.charAt(0).toUpperCase() + told.slice(1);
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

function ofThem(owns: boolean, rest: string, names: string): string {
  const later = rest
    .replace(new RegExp(`\\b(?:${names})'s\\b`, 'gi'), 'your')
    .replace(new RegExp(`\\b(?:${names})\\b`, 'gi'), 'you');
  const own = later.replace(ownPronoun, '$1your');
  if (owns) return `your ${own}`;
  return `you ${own.replace(firstVerb, (_, adverb = '', verb = '') => `${adverb}${withoutEnding(verb)}`)}`;
}

function withoutEnding(verb: string): string {
  const known = bare[verb.toLowerCase()];
  if (known) return known;
  if (/(?:ss|us|is|ed)$/i.test(verb) || !/s$/i.test(verb)) return verb;
  if (/ies$/i.test(verb)) return verb.length <= 4 ? verb.slice(0, -1) : `${verb.slice(0, -3)}y`;
  return /(?:sh|ch|ss|x|zz|o)es$/i.test(verb) ? verb.slice(0, -2) : verb.slice(0, -1);
}

function byThem(text: string): string | null {
  if (!/\b(?:I|I'm|I've|I'd|my|me|mine)\b/i.test(text)) return null;
  return text
    .replace(/\bI'm\b|\bI am\b/gi, 'you are')
    .replace(/\bI was\b/gi, 'you were')
    .replace(/\bI've\b/gi, 'you have')
    .replace(/\bI'd\b/gi, 'you would')
    .replace(/\bI'll\b/gi, 'you will')
    .replace(/\bI\b/g, 'you')
    .replace(/^i\b/, 'you')
    .replace(/\bmyself\b/gi, 'yourself')
    .replace(/\bmine\b/gi, 'yours')
    .replace(/\bmy\b/gi, 'your')
    .replace(/\bme\b/gi, 'you');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
