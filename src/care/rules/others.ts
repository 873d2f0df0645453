import { type RuleGroup, rules } from './rule.js';

const own =
  "kill(?:ing|ed|s)? <theirs>|(?:end|ending|take|taking|took) (?:his|her|their) (?:own )?li(?:fe|ves)|commit(?:ting)? suicide|want(?:s|ed|ing)? to (?:die|be dead|disappear forever)|wish(?:es|ed)? (?:he|she|they) (?:was|were) (?:dead|never born)|(?:don't|doesn't|does not|didn't|no longer wants?) (?:want )?(?:to )?(?:live|be alive|be here|exist)(?: anymore)?|end(?:ing)? it(?: all)?|hang(?:ing)? <theirs>|jump(?:ing)? (?:off|from|in front)|unalive <theirs>|shoot(?:ing)? <theirs>|overdos(?:e|ing)";

export const others: RuleGroup = {
  signs:
    /sel(?:f|ves)|suicid|die|dead|li(?:fe|ves|ve)|end|exist|hang|jump|overdos|worri|scared|afraid|concerned|hit|beat|chok|rap|molest|abus|strangl|touch|threat|starv|lock|scream|cry|begg|anorexi|eat|throws|purg|took|taken|swallow|drank|ate|inject|breath|conscious|respons|wak|blue|seizure|stroke|heart|bleed|collaps|foam|bridge|roof|ledge|edge|tracks|railing|sent|text|left|post|wrote|messag|got into|chew|gun|knife|blade|kill/,
  ofPeople: true,
  rules: [
    ...rules('ideation', 'other', [
      `<someone>(?:'s| is| has| have| are|'re| was| just| keeps| said| says| told me| texted| wrote| posted| messaged| admitted| confessed| confided| threatened| threatens| talks| talked| called| sent)[^.!?]{0,60}(?:${own}|suicidal|suicide(?! (?:hotline|prevention|squad))|cut(?:s|ting)? <theirs>|self-harm\\w*|(?:hurt|hurting|harm|harming|starving) <theirs>)`,
      `<someone> <adv>(?:want(?:s|ed)?|tried|tries|trying|plans|threaten(?:s|ed|ing)|attempted|going|cuts?|hurts?|harms?|starves?|self-harms?|overdosed|might|could|may|will) <adv>(?:to )?(?:${own}|<theirs>|suicide|harm <theirs>|self-harm)?(?<=${own}|sel(?:f|ves)|suicide|self-harms?|overdosed)`,
      `(?:he|she|they)(?:'s| is|'re| are)? <adv>(?:said|says|told me|keeps saying|texted me|threaten(?:s|ed|ing)|going|want(?:s|ed)?|plan(?:s|ning)?|tried|talks about|talking about|posted|wrote)[^.!?]{0,40}(?:${own})(?! in (?:the|this|that) (?:film|movie|book|play|show|game|novel|end))`,
      "(?:i'm|i am) <adv>(?:worried|scared|afraid|terrified|concerned) (?:that )?(?:about )?(?:someone|he|she|they|a friend|someone)[^.!?]{0,50}(?:kill|suicid|hurt <theirs>|end (?:it|his|her|their)|self-harm|do something (?:stupid|bad|to)|overdose|won't survive|hit(?:s|ting)? (?:her|him|the kids)|beat)",
      "(?:someone(?:'s)?|a (?:man|guy|woman|neighbou?r)|the (?:man|neighbou?rs?)(?: next door| upstairs| downstairs)?)(?: (?:boyfriend|husband|dad|father|mom|mother|partner|wife|ex|stepdad|girlfriend|parents|uncle))?(?:'s| is| has been| keeps| was| are)? <adv>(?:hit|hits|hitting|beat|beats|beating|chok(?:es|ed|ing)|rap(?:ed|es|ing)|molest(?:s|ed|ing)|abus(?:es|ed|ing)|strangl(?:es|ed|ing)|touch(?:es|ed|ing)|threaten(?:s|ed|ing) to kill|starv(?:es|ing)|lock(?:s|ed)? up) (?:her|him|them|his (?:wife|kids?|children|son|daughter|girlfriend|mother|partner)|her (?:kids?|children|son|daughter|baby)|their (?:kids?|children|baby|child)|my (?:mom|mum|mother|sister|brother|little \\w+|niece|nephew|daughter|son|friend|cousin|kids?))(?! (?:up|at|in|with|to|by|feelings|team|record))",
      '(?:hear|heard|saw|see) (?:the |my |a )?(?:neighbou?rs?|kid|child|woman|girl|boy|man|her|him|couple)[^.!?]{0,40}(?:scream\\w*|being (?:beaten|hit|hurt|abused)|beating|crying for help|begging (?:him|her) to stop)',
      "suicid\\w*[^.!?]{0,20}(?:someone|a friend)(?! (?:works?|volunteers?))(?=[^.!?]{0,30}(?:said|told|is|wants|worr|scared))|someone(?:'s| is|'s been| has been| feels| seems| has become) <adv>suicidal",
      '(?:someone|a friend(?: of mine)?|someone i know) (?:\\w+ ){0,3}(?:cut(?:s|ting)?|hurt(?:s|ing)?|harm(?:s|ing)?|starv(?:es|ing)|kill(?:s|ing)?|burn(?:s|ing)?) <theirs>(?! (?:shaving|while|when|by|chopping|on|cooking|at|in|short|some|a))',
      "(?:someone|my friend)[^.!?]{0,30}(?:anorexi\\w+|stopped eating|won't eat|refuses to eat|(?:hasn't|not) eaten (?:in|for) (?:\\w+ )?days|throws up (?:after|every)|purges)",
    ]),
    ...rules('imminent', 'other', [
      "(?:<someone>|he|she|they)(?:'s| has| have|'ve)? <adv>(?:took|taken|swallowed|drank|ate|downed|injected) <adv>(?:<many> <adv>(?:\\w+ ){0,2}<drug>|(?:a (?:whole |full )?(?:bottle|glass|cup) of|some|the|all the|a|my)? ?(?:\\w+ )?<poison>)",
      "(?:<someone>|he|she|they|it)(?:'s| is|'re| are| has)? <adv>(?:not breathing|isn't breathing|stopped breathing|aren't breathing|unconscious|unresponsive|won't wake up|not waking up|turning blue|turned blue|having a (?:seizure|stroke|heart attack)|overdosing|overdosed|bleeding (?:out|badly|a lot)|choking on|collapsed|(?:doesn't|does not) (?:wake up|respond|breathe)|foaming)(?! (?:lol|the (?:company|market)))",
      "(?:<someone>|he|she|they)(?:'s| is|'re| are) <adv>(?:on|at|standing on|sitting on|up on) (?:the|a) (?:bridge|roof|ledge|edge|tracks|railing)[^.!?]{0,60}(?:jump|end|kill|goodbye|die|won't come|says|can't)",
      '(?:<someone>|he|she|they) (?:just |has just )?(?:sent|texted|left|posted|wrote|messaged) (?:me |us |everyone )?(?:a |this )?(?:\\w+ )?(?:goodbye|suicide note|farewell|last message|final message|(?:pictures?|photos?|video) of (?:the |a )?(?:pills|rope|gun|cuts|knife|blade))(?! (?:party|card|email to|dinner|cake|gift))',
      `(?:<someone>|he|she|they)(?:'s| is|'re| are|'ll)? <adv>(?:going to|about to|will|gonna|says (?:he'll|she'll|they'll|he's going to|she's going to)|said (?:he'd|she'd|he'll|she'll))[^.!?]{0,20}(?:${own}|do it)[^.!?]{0,20}(?:tonight|right now|now|today|this minute)`,
      "(?:my|the|our) (?:\\w+ )?(?:baby|toddler|child|son|daughter|kid|grandson|granddaughter|nephew|niece|dog)(?:'s| has)? <adv>(?:swallowed|drank|ate|got into|chewed)[^.!?]{0,20}(?:<poison>|<drug>|coin|magnet|battery)",
      "(?:<someone>|he|she|they)(?:'s| is| has)? <adv>(?:has a (?:gun|knife)|holding a (?:gun|knife|blade))[^.!?]{0,40}(?:himself|herself|themselves|her (?:wrist|throat)|his (?:head|wrist))",
    ]),
  ],
};
