/** English function words and chat filler that say nothing about a topic. */
const stopWords = new Set(
  `a about above after again all also always am an and any anything are aren't around as at away back be became because been before being
  best better big both but by came can can't cannot could day days did didn't do does doesn't doing don't down each else even ever every
  everyone everything feel feeling feels felt few first for from get gets getting go goes going good got great had has hasn't have haven't
  having he her here hers hi hello hey him his how i i'd i'll i'm i've if in into is isn't it it's its just keep kind know last let life like
  likes little long lot lots made make makes many may maybe me mine more most mostly much must my need never new no nobody not nothing now of
  off often oh ok okay old on once one only or other others our out over own people person quite rather really said same say says see seem she
  should since so some someone something sometimes soon still such sure take talk tell than that that's the their them then there these they
  thing things think this those though through time times to today together told too try trying two under until up us used usually very want
  wants was wasn't way we well were what when where which while who why will with without won't work works would year years yes yet you you're
  your yours months weeks week month since ago please help`.split(/\s+/),
);

/** The words of a text that carry its topic: lower case, without function words, with a light plural and -ing/-ed stem. */
export function contentWords(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [])
    .map((word) => word.replace(/[’']s$/, '').replaceAll('’', "'"))
    .filter((word) => word.length > 2 && !stopWords.has(word))
    .map(stem);
}

/** A light suffix stripper: enough to let "exams" meet "exam" and "grieving" meet "griev(e)". */
export function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && word.endsWith('ing')) return word.slice(0, -3);
  if (word.length > 4 && word.endsWith('ed')) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss')) return word.slice(0, -1);
  return word.length > 4 && word.endsWith('e') ? word.slice(0, -1) : word;
}
