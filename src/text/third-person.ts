const irregular: Readonly<Record<string, string>> = {
  am: 'is',
  have: 'has',
  do: 'does',
  go: 'goes',
  was: 'was',
  had: 'had',
  did: 'did',
};
/** Words that stay as they are behind a name: modals, and what is no verb in the present. */
const unchanged =
  /^(?:can|could|will|would|shall|should|may|might|must|cannot|ought|used|\w+(?:ed|ew|ought|oke|ost|ame|ept|elt|ent|ound|old)|met|got|saw|ran|began|grew|won|lost|never|always)$/i;
const adverbs = /^(?:really|also|just|still|often|usually|now|already|recently|mostly|sometimes|only)$/i;

/**
 * A fact that somebody wrote of themselves, as it is told of them: `I'm vegan and my dog is Pip.` → `Jo is vegan and their dog is
 * Pip.` What does not begin with the first person only loses its later `I`, `me` and `my`. English; other texts come back as
 * they were.
 */
export function inThirdPerson(fact: string, name: string): string {
  const text = fact.replace(/\s+/g, ' ').trim();
  const told = text
    .replace(/^I['’]m\b|^I am\b/i, `${name} is`)
    .replace(/^I['’]ve\b/i, `${name} has`)
    .replace(/^I['’]ll\b/i, `${name} will`)
    .replace(/^I['’]d\b/i, `${name} would`)
    .replace(/^My\b/i, `${name}'s`)
    .replace(/^I (?:don['’]t|do not)\b/i, `${name} does not`)
    .replace(/^I (\p{L}+)(?: (\p{L}+))?/iu, (_, first: string, second: string | undefined) =>
      second !== undefined && adverbs.test(first)
        ? `${name} ${first} ${withEnding(second)}`
        : `${name} ${withEnding(first)}${second === undefined ? '' : ` ${second}`}`,
    );
  return later(told);
}

function withEnding(verb: string): string {
  const known = irregular[verb.toLowerCase()];
  if (known) return known;
  if (unchanged.test(verb)) return verb;
  if (/(?:s|x|z|ch|sh|o)$/i.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/i.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

/** Whoever was named once is `they` from then on. */
function later(text: string): string {
  return text
    .replace(/\bI['’]m\b|\bI am\b/g, 'they are')
    .replace(/\bI['’]ve\b/g, 'they have')
    .replace(/\bI was\b/g, 'they were')
    .replace(/\bI\b(?!['’.])/g, 'they')
    .replace(/\bmyself\b/gi, 'themselves')
    .replace(/(?<=\s)my\b/g, 'their')
    .replace(/\bmine\b/g, 'theirs')
    .replace(/(?<=\s)me\b/g, 'them');
}
