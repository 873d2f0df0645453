/** `self`: the person themself is at risk by their own hand. `danger`: somebody threatens or hurts them. `other`: they fear for someone. */
export type CrisisKind = 'self' | 'danger' | 'other';

/**
 * Explicit statements of suicide, self-harm or danger in what a person wrote, or null. Deliberately plain and readable:
 * it runs before any model and must not fail. Idioms ("this heat is killing me") are masked first; a clear statement wins
 * over a joking tone. A false alarm costs one kind message; a miss can cost far more, so doubt counts as a statement.
 */
export function detectCrisis(text: string): CrisisKind | null {
  const plain = normalise(text);
  const masked = idioms.reduce((result, idiom) => result.replace(idiom, ' '), plain);
  if (selfStatements.some((pattern) => pattern.test(masked))) return 'self';
  if (dangerStatements.some((pattern) => pattern.test(masked))) return 'danger';
  if (otherStatements.some((pattern) => pattern.test(masked))) return 'other';
  return null;
}

/** Lower case, one apostrophe and blank form, no zero-width or combining marks, common look-alikes and spaced-out letters undone. */
function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{Cf}\p{M}]/gu, '')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/\b(?:[a-z][ .\-_*]){3,}[a-z]\b/g, (spaced) => spaced.replace(/[ .\-_*]/g, ''))
    .replace(/(?<=[a-z])[1!|](?=[a-z])/g, 'i')
    .replace(/(?<=[a-z])0(?=[a-z])/g, 'o')
    .replace(/(?<=[a-z])3(?=[a-z])/g, 'e')
    .replace(/(?<=[a-z])[@4](?=[a-z])/g, 'a')
    .replace(/\bu\b/g, 'you')
    .replace(/\bwanna\b/g, 'want to')
    .replace(/\bgonna\b/g, 'going to')
    .replace(/\bdont\b/g, "don't")
    .replace(/\bcant\b/g, "can't")
    .replace(/\bim\b/g, "i'm")
    .replace(/\s+/g, ' ');
}

/** Ways of speaking that mean something else. */
const idioms: readonly RegExp[] = [
  /\b(could|would) (kill|murder|die) for (a|an|some|that|this)\b/g,
  /\b(heat|shoes?|feet|back|traffic|suspense|boredom|commute|homework|exams?|job|work|it|this|that|he|she|they|you)('s| is| are|'re)? (literally )?killing me\b/g,
  /\b(dying|died|dead) (of|from|with) (laughter|laughing|embarrassment|boredom|curiosity|cringe)\b/g,
  /\bdying to (see|know|hear|meet|try|go|tell|find|read|watch|play|eat|get)\b/g,
  /\b(killed|kill|killing) (it|time|the (vibe|mood|lights?|engine|process|job|server|weeds?))\b/g,
  /\b(kill|end) (the |that )?(process|task|session|call|meeting|turn|game|program|server|child process)\b/g,
  /\bkill(ed)? (him|her|them|it|myself laughing|the boss|a boss|the dragon|monsters?|zombies?) in (the )?(game|minecraft|valorant|elden ring)\b/g,
  /\b(suicide squad|suicide prevention (week|month|day|walk|charity|volunteer\w*)|career suicide|political suicide|commercial suicide|social suicide)\b/g,
  /\bover my dead body\b|\bdrop dead gorgeous\b|\bdeadline\b|\bi('m| am) (so )?dead( lol| lmao| 😂)?(?= lol| lmao|$)/g,
];

const self = "(?:i|i'm|i am|i've|i have|i'd|i'll|me)";
const selfStatements: readonly RegExp[] = [
  /\b(?:kill|killing|hang|hanging|shoot|shooting|drown|drowning|hurt|hurting|harm|harming|cut|cutting|burn|burning|starve|starving) (?:my ?self)\b(?! (?:laughing|a (?:slice|piece)|off|some))/,
  /\b(?:end|ending|take|taking|took) (?:my|my own) (?:own )?life\b/,
  /\bend(?:ing)? it all\b|\bend(?:ing)? (?:it|things|everything) for (?:good|ever)\b/,
  /\b(?:i'm|i am|been|feel|feeling|felt|still|so|really|actively|having|have|had|getting) (?:really |very |so |a bit |kind of )?(?:suicidal)\b/,
  /\bsuicidal (?:thoughts?|ideation|again|today|tonight|right now)\b/,
  /\b(?:commit|committing|attempt|attempting|attempted|considering|consider|thinking (?:about|of)|thoughts? (?:about|of)|planning|plan) (?:my )?(?:a )?suicide\b/,
  /\bi (?:just |really |only |kinda |still |do )*(?:want|wish|need|would like|'d like|plan|intend|going|am going|decided|hope) (?:so (?:badly|much) )?(?:to|i could|i would) (?:just )?(?:die(?! (?:my|the|this|it) )|be dead|not (?:be alive|exist|wake up|be here anymore|live)|never wake up|stop (?:existing|living)|disappear forever)\b/,
  /\bi(?:'m| am) going to die tonight\b|\bi(?:'m| am) better off dead\b/,
  /\bi (?:just |really )*(?:don't|do not|no longer|can't|cannot) (?:want to |wish to |bear to )?(?:live|be alive|exist|go on living|be here|be on this (?:earth|planet))(?: any ?more| any longer| like this any ?more)?(?=[\s.,!?]*$|[\s.,!?]+(?:and|but|because|so|i|it|please|what|help|any ?more|any longer)\b)/,
  /\bi wish (?:that )?(?:i (?:was|were|am) (?:dead|never born|gone|not alive)|i (?:had never been|wasn't|weren't) (?:born|alive)|i (?:had )?died|i (?:wouldn't|would not|didn't) wake up)\b/,
  /\b(?:everyone|everybody|they|the world|my (?:family|kids|parents|friends|wife|husband)) (?:would|will|'d|'ll) be better off (?:without me|if i (?:was|were) (?:dead|gone))\b/,
  /\b(?:no|not any|don't see (?:a|any)|can't (?:find|see) (?:a|any)) (?:reason|point) (?:in |to |for me to )(?:living|live|keep living|go on living|stay alive|being alive)\b/,
  /\blife (?:is not|isn't|is no longer|isnt) worth living\b/,
  /\b(?:overdos(?:e|ed|ing)) (?:on|tonight|myself|again|last)\b|\bi (?:want to|am going to|'m going to|might|took an|will) overdose\b|\bi (?:took|swallowed|have taken|just took) (?:all|a whole|the whole|too many|a bottle|a handful)[^.]{0,20}\b(?:pills?|tablets?|medication|meds|sleeping|paracetamol|tylenol)\b/,
  /\b(?:jump|jumping|throw myself|throwing myself) (?:off|from|in front of|under) (?:a|the|my|this) (?:bridge|roof|building|train|balcony|cliff|bus|window)\b/,
  /\b(?:self[- ]?harm(?:ed|ing|s)?|relapsed (?:and|on|with) cut\w*|(?:cut|cutting|slit|slitting|slashed) my (?:wrists?|arms?|thighs?|legs?|veins?))\b/,
  /\b(?:goodbye note|suicide note|(?:wrote|written|writing) my (?:final|last|goodbye) (?:note|letter)|this is my (?:last|final) (?:message|goodbye|day))\b/,
  new RegExp(`\\bkms\\b|\\b${self} (?:want to |going to |'m going to )?unalive (?:my ?self)?\\b`),
  /\b(?:should|shall|do) i (?:just )?(?:kill myself|die|end my life)\b|\bhow (?:can|do|could) i (?:painlessly )?(?:die|kill myself|end my life)\b|\bpainless(?:ly)? (?:way|ways|method|methods)? ?(?:to die|of dying|suicide)\b|\b(?:ways|easiest way|best way|quickest way) to (?:die|kill (?:my ?self)|end my life)\b/,
  /\bready to (?:die|end my life)\b|\btired of (?:living|being alive)\b|\b(?:can't|cannot) (?:live|do life|go on living) (?:like this )?any ?more\b/,
];

const attacker =
  '(?:he|she|they|my (?:husband|wife|partner|boyfriend|girlfriend|ex|dad|father|mom|mum|mother|step(?:dad|father|mom|mother)|brother|sister|uncle|boss|roommate)|someone|somebody|a man|a guy)';
const dangerStatements: readonly RegExp[] = [
  new RegExp(
    `\\b${attacker}(?:'s| is| was| has been| keeps| kept)? (?:just |always |going to |gonna |threatening to |threatened to |trying to |tried to |wants to )?(?:hit|hits|hitting|beat|beats|beating|chok(?:e|es|ed|ing)|strangl(?:e|es|ed|ing)|rap(?:e|ed|es|ing)|molest(?:s|ed|ing)?|stab(?:s|bed|bing)?|kick(?:s|ed|ing)|punch(?:es|ed|ing)|slap(?:s|ped|ping)|kill|hurt|hurts|hurting|abus(?:e|es|ed|ing)) me\\b(?! (?:at|in|to|by) (?!home|night))`,
  ),
  /\bi (?:was|am being|'m being|got|have been|been|keep getting|just got) (?:sexually |physically )?(?:raped|assaulted|molested|abused|stabbed|trafficked|beaten|strangled|kidnapped)\b/,
  /\b(?:has|have|holding|pointed|pointing|pulled) (?:a|the) (?:gun|knife) (?:at|on|to) me\b|\bi(?:'m| am) (?:afraid|scared|terrified) (?:he|she|they)(?:'ll| will|'s going to| is going to| might) (?:kill|hurt|beat|find) me\b/,
  /\bi(?:'m| am) not safe (?:at home|here|with (?:him|her|them)|right now|in my (?:home|house))\b|\bi(?:'m| am) in (?:real |serious |immediate |physical )?danger\b|\bthere(?:'s| is) (?:someone|somebody|a man) (?:breaking|trying to break) in(?:to)?\b/,
  /\b(?:going to|want to|gonna|will|planning to) (?:kill|murder|shoot|stab) (?:my (?:wife|husband|boss|dad|father|mom|mum|mother|brother|sister|ex|teacher|class\w*|coworkers?)|everyone|everybody|people|them all)\b/,
];

const someone =
  '(?:he|she|they|my (?:\\w+ )?(?:friend|best friend|bestie|brother|sister|son|daughter|kid|child|mom|mum|mother|dad|father|husband|wife|partner|boyfriend|girlfriend|roommate|cousin|student|colleague|ex|classmate)|a friend(?: of mine)?|someone i know)';
const otherStatements: readonly RegExp[] = [
  new RegExp(
    `\\b${someone}\\b[^.!?]{0,60}\\b(?:kill(?:ing)? (?:him|her|them|him|their) ?sel(?:f|ves)|suicidal|(?:end|ending|take|taking) (?:his|her|their) (?:own )?li(?:fe|ves)|suicide|wants? to die|cut(?:ting|s)? (?:him|her|them) ?sel(?:f|ves)|self[- ]?harm\\w*|hurt(?:ing)? (?:him|her|them) ?sel(?:f|ves)|overdos(?:e|ed|ing)|doesn't want to live)\\b`,
  ),
];
