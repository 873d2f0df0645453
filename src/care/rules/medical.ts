import { type RuleGroup, rules } from './rule.js';

const swallowed =
  '(?:took|taken|take|swallowed|swallow|drank|drunk|ate|eaten|downed|popped|injected|ingested|chugged)';

export const medical: RuleGroup = {
  signs:
    /took|take|swallow|drank|drunk|ate|eaten|down|pop|inject|ingest|chug|od|o\.d|overdos|mix|breath|chest|arm|jaw|heart|stroke|seizure|face|mouth|feel|move|lift|speech|words|throat|tongue|lips|peanut|sting|stung|wasp|allerg|nuts|blood|bleed|passing|pass out|conscious|water|contractions|baby|birth|monoxide|gas|bit|sugar|headache/,
  rules: [
    ...rules('imminent', 'medical', [
      `(?:i|i've|i have|just|already) <adv>${swallowed} <adv><many> <adv>(?:\\w+ ){0,2}<drug>(?! (?:as prescribed|over the (?:week|month|year|day)|this (?:week|month|year)|a (?:week|month|day)))`,
      `(?:i|i've|i have|just|already) <adv>${swallowed} <adv>(?:a (?:whole |full )?(?:bottle|glass|cup|mouthful|sip|gulp|capful) of|some|the|all the|a|my)? ?(?:\\w+ )?<poison>`,
      "(?:i|i've|i have|i think i|i may have|just) <adv>(?:overdos(?:ed|ing)|od'?e?d|o\\.?d\\.?'?d)(?! on (?:chocolate|sugar|coffee|caffeine lol|tv|netflix|cake|cute|candy|cheese|carbs|memes|vitamin c|sunshine|christmas))",
      "i (?:took|did) an? (?:overdose|od)|i(?:'m| am) (?:overdosing|od'?ing)",
      `(?:mixed|mixing|took|drank) (?:\\w+ ){0,4}(?:<drug>)(?: \\w+){0,3} (?:and|with|plus|on top of) (?:\\w+ ){0,3}(?:alcohol|vodka|whisk(?:e)?y|wine|booze|a bottle|gin|rum|pills|beer)[^.!?]{0,30}`,
      "(?:i )?can't breathe(?! through my nose| (?:because of (?:the )?(?:laugh|pollen|cold)|from laughing|laughing|lol|haha|in this (?:dress|heat|mask)))(?=$|[.,!?]| and| my| properly| right| at all)[^.!?]*(?:chest|throat|lips|swell|blue|dizzy|arm|help|$)",
      '(?:crushing|tight|sharp|terrible|bad|severe|awful|intense|stabbing)?,? ?(?:chest (?:pains?|pressure|is tight|feels? tight|hurts)|pain in my chest|pressure (?:on|in) my chest)[^!?]{0,80}(?:(?:left |my )?arm|jaw|breath|sweat|numb|dizzy|vomit|collaps)',
      "(?:left arm|jaw)[^!?]{0,40}(?:numb|pain|hurts|tingl)[^!?]{0,40}chest|i(?:'m| am| think i(?:'m| am)) having a (?:heart attack|stroke|seizure)(?! (?:over|from|lol|trying|when|reading|looking|because of (?:the|this) (?:price|bill)))",
      "(?:my|half (?:of )?my|one side of my) (?:face|mouth) (?:is |'s )?(?:droop\\w*|hanging|gone numb|numb)|can't (?:feel|move|lift) my (?:left |right |whole )?(?:arm|leg|side|face|body)|(?:speech|words) (?:is|are|'s) (?:slurr\\w+|coming out wrong)",
      "(?:throat|tongue|face|lips)(?: is| are|'s|'re)? <adv>(?:closing(?: up)?|swelling(?: up)?|swollen)[^.!?]{0,60}(?:breath|peanut|sting|bee|nuts?|epi|allerg|swallow|shrimp|$)",
      "(?:peanut|bee sting|stung|wasp|allerg\\w+|nuts)[^.!?]{0,50}(?:can't breathe|throat (?:is )?(?:closing|tight|swelling)|lips (?:are )?swell\\w*|tongue)",
      "(?:coughing|vomiting|throwing up|puking|spitting|pooping) (?:up )?(?:a lot of )?blood|(?:bleeding|blood)[^.!?]{0,30}(?:won't stop|can't stop|doesn't stop|not stopping|soaked through|through the towel|everywhere)",
      "(?:i'm|i am) (?:bleeding (?:out|heavily|to death)|losing (?:a lot of|so much) blood|passing out|about to pass out|going to pass out|losing consciousness)",
      "(?:water (?:just )?broke|contractions)[^.!?]{0,60}(?:alone|minutes apart|coming|head|help|weeks|no one)|(?:baby(?:'s| is) coming|giving birth)(?: now| right now)?[^.!?]{0,20}(?:now|alone|help|home)",
      "(?:carbon monoxide|gas leak|smell gas)[^.!?]{0,60}(?:dizzy|headache|sick|alarm|faint|passed)|i(?:'ve)? (?:been |got )?(?:bitten|bit) by a (?:snake|viper|rattlesnake|cobra)",
      `(?:i )?(?:accidentally|by accident|mistakenly) ${swallowed} (?:\\w+ ){0,4}(?:<poison>|<drug>|double dose|twice my dose|too much)`,
      'blood sugar (?:is )?(?:[1-3]\\d|[4-9]\\d\\d)[^.!?]{0,40}(?:shaking|confused|dizzy|faint|blur)|worst headache of my life',
    ]),
  ],
};
