const distress =
  /\b(died|dead|death|passed away|lost|lonely|alone|afraid|scared|anxious|anxiety|sad|cry(?:ing)?|hurts?|failure|failed|fired|broke up|divorced?|depressed|hopeless|ashamed|guilty|miss(?:ing)? (?:him|her|them|my)|can'?t sleep|worried|stress(?:ed)?|exhausted|overwhelmed|sick|ill|cancer|debt|rent|hate myself|worthless)\b/i;
const cheer =
  /\b(great|awesome|congrat\w*|amazing|wonderful|cool|nice|fun|happy (?:for|to)|glad to hear|excit\w+|lucky|good for you|haha|lol|love (?:it|that))\b/i;
/** Praise that is fine by itself ("a good friend") and wrong as the answer to trouble. */
const praise =
  /\b(?:that(?:['’]?s| is| was| sounds)(?: (?!not\b)\w+)? (?:good|brilliant|exciting|impressive)|good (?:idea|to hear)|how exciting)\b/i;
/** The person has something to be glad of themselves. */
const glad =
  /(?<!\b(?:not|never|no) (?:very |so |really |that )?|n['’]?t (?:very |so |really |that |feel |be )?)\b(?:happy|glad|great|wonderful|excited|proud|passed(?! away)|won|good news|feel(?:ing)? better|thank(?:s| you))\b/i;
/** Messages back from the last one in which trouble is still in the air. */
const inTheAir = 3;
const sympathy =
  /\b(sorry|that sounds|sounds (?:hard|like)|must (?:be|feel|have)|i understand|i can (?:imagine|see|understand|hear)|hard|tough|difficult|painful|heavy|i hear you|not alone)\b/i;
const aboutYou =
  /\b(?:what|where|who|how|do|does|are|have|which)\b[^.?!]{0,30}\b(?:you|your)\b[^.!]{0,60}\?|^(?:and )?you\?/i;
const aboutThem = /\b(?:should|could|can|would) i\b|\bhow are you\b/i;
const ownWord = /\b(?:i|i'm|i've|i'd|my|me|we|our)\b/i;

/** The person tells of something that hurts. */
function isDistress(message: string): boolean {
  return distress.test(message);
}

/**
 * How a reply meets distress in the last messages (oldest first): −1 with cheer, also where the trouble was told a little
 * earlier; 1 with sympathy where it is told now; 0 otherwise, where there is none, or where the person is glad.
 */
export function toneFit(messages: readonly string[], reply: string): number {
  const last = messages.at(-1) ?? '';
  const now = isDistress(last);
  if (!now && (glad.test(last) || !messages.slice(-inTheAir).some(isDistress))) return 0;
  if (cheer.test(reply) || praise.test(reply)) return -1;
  return now && sympathy.test(reply) ? 1 : 0;
}

/** The person asked about the character, and the reply says nothing about itself (often a question back). */
export function evades(message: string, reply: string): boolean {
  return aboutYou.test(message) && !aboutThem.test(message) && !ownWord.test(reply);
}
