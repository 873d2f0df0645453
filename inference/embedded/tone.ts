const distress =
  /\b(died|dead|death|passed away|lost|lonely|alone|afraid|scared|anxious|anxiety|sad|cry(?:ing)?|hurts?|failure|failed|fired|broke up|divorced?|depressed|hopeless|ashamed|guilty|miss(?:ing)? (?:him|her|them|my)|can'?t sleep|worried|stress(?:ed)?|exhausted|overwhelmed|sick|ill|cancer|debt|rent|hate myself|worthless)\b/i;
const cheer =
  /\b(great|awesome|congrat\w*|amazing|wonderful|cool|nice|fun|happy (?:for|to)|glad to hear|excit\w+|lucky|good for you|haha|lol|love (?:it|that))\b/i;
const sympathy =
  /\b(sorry|that sounds|sounds (?:hard|like)|must (?:be|feel|have)|i understand|i can (?:imagine|see|understand|hear)|hard|tough|difficult|painful|heavy|i hear you|not alone)\b/i;
const aboutYou =
  /\b(?:what|where|who|how|do|does|are|have|which)\b[^.?!]{0,30}\b(?:you|your)\b[^.!]{0,60}\?|^(?:and )?you\?/i;
const aboutThem = /\b(?:should|could|can|would) i\b|\bhow are you\b/i;
const ownWord = /\b(?:i|i'm|i've|i'd|my|me|we|our)\b/i;

/** The person tells of something that hurts. */
export function isDistress(message: string): boolean {
  return distress.test(message);
}

/** How a reply meets distress: 1 with sympathy, −1 with cheer, 0 otherwise or where there is none. */
export function toneFit(message: string, reply: string): number {
  if (!isDistress(message)) return 0;
  if (cheer.test(reply)) return -1;
  return sympathy.test(reply) ? 1 : 0;
}

/** The person asked about the character, and the reply says nothing about itself (often a question back). */
export function evades(message: string, reply: string): boolean {
  return aboutYou.test(message) && !aboutThem.test(message) && !ownWord.test(reply);
}
