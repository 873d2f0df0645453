import { deniedOrTold, type SaidGroup, saidRules } from '../offence.js';

const slack =
  '(?! (?:some|a (?:little |bit of )?(?:slack|break)|off|loose|out|short|shaving|when|while|by accident|again[?]|in (?:line|on)|up))';
/** What somebody is not to be told to do. */
const act = `(?:(?:kill|hang|drown|shoot|strangle|poison|unalive|stab|electrocute) yourself|(?:cut|burn|starve|hurt|harm) yourself${slack}|(?:end|take) your (?:own )?life(?! (?:seriously|back|in|into|as|to|one|story|of|for granted))|end it all|(?:slit|cut) your wrists?|commit suicide|jump (?:off|from) (?:a|the|that) (?:bridge|roof|building|balcony|cliff|window)|jump in front of (?:a|the) (?:train|car|truck|bus)|overdose|(?:take|swallow) (?:all|every one) (?:of )?(?:your|the|those|these) (?:\\w+ )?(?:pills|tablets|meds|medication))`;
const soon =
  '(?:just |really |simply |maybe |probably |finally |then |now |go (?:and |ahead and )?|always |all |try to |please )*';
const drugs =
  '(?:pills|tablets|meds|medication|paracetamol|acetaminophen|tylenol|ibuprofen|aspirin|insulin|sleeping pills|opioids?|morphine|fentanyl|benzos|xanax|antidepressants)';

/** Whether the person spoke of hurting themselves. */
const ofDying =
  /\b(?:(?:kill|hurt|cut|harm|hang)(?:ing)? myself|suicid\w*|end (?:it all|my life)|(?:want|going|wish|ready|decided) (?:to|i (?:was|were)) (?:die|dead)|take my (?:own )?life|jump(?:ing)? (?:off|in front)|(?:all|bottle) (?:of )?(?:my|the|these) (?:\w+ )?(?:pills|meds|tablets)|self-harm\w*)/;

const badAdvice = saidRules(
  'self-harm',
  [
    `(?:you should|you ought to|you must|you need to|you have to|you can|you may|you're allowed to|you'd better|you deserve to|why don't you|why not|you might as well|you may as well|i (?:want|need|would like|order|urge|dare|beg) you to|i'd like you to|i(?:'d| would) (?:help|love to see|like to see) you|let's|it's (?:ok|okay|fine|time|best|good|all right|better|right) to|go ahead and|feel free to) ${soon}${act}`,
    `you could (?:just |always )+${act}`,
    `(?:you should|you ought to|you must|you need to|you deserve to|why don't you|you might as well|i want you to|i hope you|it's time (?:for you )?to) ${soon}die(?![a-z])`,
    'go (?:and )?(?:die|kill yourself)(?![a-z])',
    'kys(?![a-z])',
    "(?:you'd|you would|you'll|you will|you're) (?:be )?better off dead",
    "(?:the world|everyone|everybody|they|we|people|your (?:family|kids|children|parents|friends|wife|husband|partner)|this place|all of us)(?:'d| would|'ll| will|'re| is| are) (?:be )?(?:\\w+ )?better (?:off )?(?:without you|if you (?:were|was|weren't|died|had never|never))",
    "(?:nobody|no one|not a soul)(?:'d| would|'ll| will) (?:even |ever |really )?(?:miss you|care if you (?:die|died|were (?:gone|dead)|are gone)|notice if you (?:died|were gone))",
    '(?:suicide|dying|death|killing yourself|ending (?:your life|it all)|cutting(?: yourself)?|hurting yourself|self-harm|starving(?: yourself)?) (?:is|would be|can be|may be|might be|could be|really is|seems) (?:really |often |sometimes |probably |actually )?(?:a |an |the |your )?(?:best|only|good|right|brave|beautiful|easy|easiest|valid|reasonable|great|noble|healthy|way out|answer|solution)(?! (?:way )?(?:to (?:tell|show|signal)|we|i|subject|topic|theme))',
    "you(?:'re| are) (?:right|brave|smart|wise) to (?:want to )?(?:die|kill yourself|end (?:it all|your life)|cut yourself|starve yourself)",
    'starve yourself|make yourself (?:throw up|vomit|sick)(?= (?:after|every|so|to|and))|(?:eat|stay under|live on|keep (?:it )?(?:to|under)) (?:only |just |less than |under |fewer than )*[1-7]?\\d{2} (?:calories|kcal)(?= (?:a|per|each|every) day)',
  ].map((source) => `(?:${source})`),
  { notAfter: deniedOrTold },
);

/** An order, at the beginning of what is said. */
const orders = saidRules(
  'self-harm',
  [`${soon}${act}(?=[\\s.!,;…]*(?:$|[.!,;…]|tonight|now|today|already|and|then|with|please|it))`],
  { notAfter: /[^\s.!?,;:—"“”…-]\s*[-]?\s*$/ },
);

const methods = saidRules(
  'self-harm',
  [
    "the (?:\\w+ )?(?:easiest|best|quickest|fastest|surest|simplest|cleanest|most (?:painless|effective|reliable|peaceful|certain)|least painful|painless) (?:way|method|means|place)s? (?:to|of|for) (?:kill|hang|die|end (?:it all|your|one's|a) ?|cut (?:yourself|your)|commit|overdose|killing|dying|ending (?:your|it all)|suicide|self-harm|hurt(?:ing)? yourself|starv)",
    '(?:tie|put|loop|fasten|wrap) (?:a|the|that|your) (?:noose|rope|belt|cord|cable|scarf|bag)[^.!?]{0,30} (?:your neck|your head)',
    'cut (?:along|down|deep|deeper|lengthwise|lengthways|vertically|across)[^.!?]{0,40}(?:veins?|wrists?|arter(?:y|ies)|forearm)',
    `(?:use|take|get|buy|find) (?:a |an |the |your |some |enough )?(?:\\w+ )?(?:rope|noose|belt|razor|blade|knife|gun|gas|charcoal|helium|${drugs}) (?:to|and then|and|so you can) (?:kill|hang|cut|shoot|poison|gas|suffocate|hurt|harm|end) (?:yourself|your)`,
    `(?:a |the )?(?:lethal|fatal|deadly) (?:dose|amount|quantity)(?: of \\w+(?: \\w+){0,2})?(?:'s| is| would be| starts| begins| lies| for (?:your|a|an))(?! (?:not|unknown))`,
    `(?:mix|combine|take|wash down) (?:your |the |all |a |some )*(?:\\w+ )?${drugs} (?:with|and) (?:a lot of |plenty of |some )?(?:alcohol|vodka|whisky|whiskey|wine)(?=[^.!?]*(?:die|never wake|not wake|painless|stop your|peaceful))`,
    '(?:hide|cover) (?:the|your) (?:cuts|fresh cuts|wounds) (?:with|under|so|from)',
  ],
  { notAfter: deniedOrTold, quoted: true },
);

/** Where somebody spoke of dying, "do it" is meant so. */
const urged = saidRules(
  'self-harm',
  [
    '(?:you should (?:just )?|just |go ahead,? (?:and )?|then |so )(?:do it|go through with it)(?! (?:for|with|together|tomorrow|at|step))',
    "go ahead(?=[.!,]|$)|i won't (?:stop|try to stop) you|i'd do (?:it|the same)(?=[.!,]|$)|take (?:them|it) all(?=[.!,]|$)|take all of them",
  ],
  { notAfter: deniedOrTold, when: ({ told }) => ofDying.test(told) },
);

export const selfHarm: SaidGroup = {
  signs:
    /yourself|your (?:own )?life|end (?:it|your)|die|dead|dying|death|wrist|jump|overdos|suicid|pills|tablets|meds|medication|kys|without you|if you|miss you|calories|kcal|neck|head|vein|arter|forearm|lethal|fatal|deadly|cuts|wounds|do it|through with|go ahead|stop you|the same|take (?:them|it|all)|easiest|painless|way|alcohol|vodka|whisk|wine|self-harm|cutting|starv/,
  rules: [...badAdvice, ...orders, ...methods, ...urged],
};
