/** Spellings of chat, in this order; each becomes what it stands for. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/\b2 (?=(?:die|be|kill|hurt|end|live|cut|harm|go|do|stop|unalive|disappear|sleep|jump)\b)/g, 'to '],
  [/\b(?:2nite|2night|tn|tnite)\b/g, 'tonight'],
  [/\b(?:2day)\b/g, 'today'],
  [/\b(?:2mrw|tmrw|tmr|tomoz)\b/g, 'tomorrow'],
  [/\bb4\b/g, 'before'],
  [/\babt\b/g, 'about'],
  [/\b(?:bc|cuz|coz|bcuz|cos)\b/g, 'because'],
  [/\brn\b/g, 'right now'],
  [/\bu\b/g, 'you'],
  [/\bur\b/g, 'your'],
  [/\bpls|plz\b/g, 'please'],
  [/\b(?:ppl)\b/g, 'people'],
  [/\b(?:evry1|every1)\b/g, 'everyone'],
  [/\b(?:sum1|some1)\b/g, 'someone'],
  [/\bany1\b/g, 'anyone'],
  [/\bbf\b/g, 'boyfriend'],
  [/\bgf\b/g, 'girlfriend'],
  [/\bbff\b/g, 'best friend'],
  [/\bkinda\b/g, 'kind of'],
  [/\bwanna\b/g, 'want to'],
  [/\bwnna\b/g, 'want to'],
  [/\b(?:gonna|gunna|gon|going too)\b/g, 'going to'],
  [/\bgotta\b/g, 'got to'],
  [/\btryna\b/g, 'trying to'],
  [/\b(?:imma|ima|i'ma|imna)\b/g, "i'm going to"],
  [/\b(?:fr|ngl|tbh|lowkey|highkey|srsly|istg|icl)\b ?/g, ''],
  [/\bim\b/g, "i'm"],
  [/\bi am\b/g, "i'm"],
  [
    /\bive\b|\bi have (?=been|had|decided|started|taken|swallowed|cut|written|relapsed|stopped|already|just|got\b)/g,
    "i've ",
  ],
  [/\bid (?=(?:rather|like|be|kill|die|love to|do|just|end|never))/g, "i'd "],
  [/\bill (?=(?:never|kill|just|be|do|end|take|jump|hurt|cut|die|go|stab|shoot|hang))/g, "i'll "],
  [/\bi will\b/g, "i'll"],
  [/\bi would\b/g, "i'd"],
  [/\b(do|does|did|is|was|were|has|have|had|would|could|should|are)nt\b/g, "$1n't"],
  [/\b(do|does|did|is|was|were|has|have|had|would|could|should|are) not\b/g, "$1n't"],
  [/\bcan ?not\b|\bcant\b/g, "can't"],
  [/\bwill not\b|\bwont\b/g, "won't"],
  [/\b(he|she|there|that|what|who|where|here)s\b/g, "$1's"],
  [/\b(he|she|there|that|it) is\b/g, "$1's"],
  [/\b(they|you|we) are\b|\b(they)re\b/g, "$1$2're"],
  [/\bya'?ll\b/g, 'you all'],
  [/\bany ?more\b/g, 'anymore'],
  [/\bmy self\b/g, 'myself'],
  [/\bself[- ]harm/g, 'self-harm'],
  [/\bselfharm/g, 'self-harm'],
  [/\b(?:in|un)?al+ive (?=my|him|her|them|your)/g, 'kill '],
];

/** What people write in order not to be found by words. */
const euphemisms: readonly (readonly [RegExp, string])[] = [
  [/\bun-?alive(?:d)?\b/g, 'kill'],
  [/\bun-?aliving\b/g, 'killing'],
  [
    /\b(?:sewer ?slide|sewer ?side|sui ?cide|sooicide|su1cide|suiside|s word|soup ?er ?side|toaster bath)\b/g,
    'suicide',
  ],
  [/\bsewer ?slid(?:al|ing)\b/g, 'suicidal'],
  [/\bkm(?:s|self)\b/g, 'kill myself'],
  [/\bkhs\b/g, 'kill herself'],
  [/\bsui\b/g, 'suicide'],
  [/\bctb\b|\bcatch (?:the|my|that) bus for good\b/g, 'kill myself'],
  [
    /\b(?:been|am|i'm|doing|did|started|start|relapsed(?: with| into)?|urges? to|want to|back to|keep|kept) sh(?:ing)?\b/g,
    'been self-harming',
  ],
  [/\bsh(?= (?:scars?|relapse|urges?|again|last night|tonight)\b)/g, 'self-harm'],
  [/\bgrippy socks?\b/g, 'psychiatric ward'],
  [/\b(?:k word|k-word) myself\b/g, 'kill myself'],
  [/\bpew ?pew (?=myself)/g, 'shoot '],
];

/** Text in lower case without the spellings of chat and without disguising names. */
export function plainSpelling(text: string): string {
  return [...euphemisms, ...spellings].reduce(
    (plain, [spelling, meant]) => plain.replace(spelling, meant),
    text,
  );
}
