import { type RuleGroup, rules } from './rule.js';

const accident =
  '(?! (?:shaving|while|when|on|off|by accident|accidentally|some|a (?:slice|piece|break|deal)|loose|short|out|chopping|cooking|slicing|opening|trimming|with (?:the|a|my) (?:paper|kitchen|bread|can|tin|potato|new|saw|scissors|knife (?:while|when|cooking|chopping))|in the kitchen|peeling|gardening|at work|cutting))';

export const selfHarm: RuleGroup = {
  signs:
    /cut|harm|myself|burn|slit|razor|blade|lighter|throw|threw|puk|vomit|purg|starv|laxative|eaten|eat|relaps|anorexi|bulimi|eating|ed |pro-?ana|pain|blood|bleed|hurt|carve|carving/,
  rules: [
    ...rules('ideation', 'self-harm', [
      `(?:cut|cutting|cuts) myself${accident}`,
      '(?:hurt|hurting|harm|harming|burn|burning|burned|burnt|scratch|scratching|bite|biting|punish|punishing|carve|carving) myself(?: (?:again|on purpose|so|until|with|because|to|when i|every|at night|at school|tonight|last|whenever)|<end>)(?! (?:at the gym|while|playing|falling|skating|lifting|on the (?:oven|stove|pan|iron|ice)|with (?:hot|boiling|coffee|tea|the (?:oven|iron|pan))))',
      'self-harm(?:ed|ing|er|s)?(?! (?:awareness|prevention|research|policy|training|statistics))',
      "(?:start|started|been|back to|relapsed (?:and|into|with)|keep|can't stop|want to|wanted to|need to|went back to|stop|quit|resist|addicted to|urges? to|thinking about|thought about) <adv>(?:start(?:ed)? )?cut(?:ting)? (?:again|myself|my (?:arms?|wrists?|thighs?|legs?|skin|stomach)|tonight|every (?:night|day)|at school|so badly|in secret|to feel|deeper|lately|since|for (?:weeks|months))",
      "i(?:'ve)? (?:started|been) cutting<end>|i cut (?:again|last night|tonight|my (?:arms?|wrists?|thighs?|legs?) (?:again|last|because|to|when|so|every))",
      '(?:cut|cutting|slit|slitting|slashed|carved) (?:up )?my (?:wrists?|arms?|thighs?|legs?|veins?|skin)(?! (?:on|by accident|shaving|while|hair))',
      '(?:razor ?blades?|lighter|cigarettes?|compass)[^.!?]{0,30}(?:my (?:arm|arms|skin|thighs?|wrists?|legs)|to feel something)',
      '(?:make|making|made|force|forcing) myself (?:to )?(?:throw up|puke|vomit|be sick|sick)<end>',
      "(?:i|i've been|i'm|been) <adv>(?:purg(?:e|ed|ing)|throwing up (?:after|everything|my (?:food|meals?|dinner|lunch)))(?! (?:the|my (?:wardrobe|closet|files|inbox|emails)|old))",
      'starv(?:e|ed|ing) myself|(?:taking|took|take|using|live on) <adv>(?:\\w+ )?laxatives (?:to|every|after|so|again|daily)|binge and purge|binging and purging',
      "(?:i )?(?:haven't|have not|didn't|not) (?:eaten|eat|ate) (?:anything |a thing |properly |food )?(?:in|for|since) (?:\\w+ )?(?:\\d+|two|three|four|five|six|several|many) (?:days|weeks)",
      'i (?:only |just )?(?:eat|ate|allow myself) (?:\\d{2,3}|two hundred|three hundred|four hundred) (?:calories|kcal|cals) (?:a|per|each|today)',
      'relaps(?:e|ed|ing) (?:and|on|into|with|in) (?:cut\\w*|self-harm\\w*|purging|my (?:ed|eating disorder|anorexia|bulimia))',
      '(?:anorexi\\w+|bulimi\\w+|eating disorder|my ed) (?:is )?(?:back|getting worse|killing me|winning|again)|pro ?-?(?:ana|mia)',
      '(?:pain|cutting|blood|bleeding) (?:is the only|helps me|makes me feel (?:alive|something|better|real))|urges? to (?:cut|hurt|burn|self-harm)',
      '(?:punch|punching|hit|hitting|bang|banging) (?:myself|my head against|the wall until)[^.!?]{0,20}(?:bleed|bruis|until|again|hard|on purpose|every|when i|<end>)',
    ]),
    ...rules('plan', 'self-harm', [
      '(?:bought|got|found|hid|hidden|have|took apart|keep) (?:a |the |some |my |new )?(?:razor ?blades?|blades?|razors?)(?: \\w+){0,4} (?:to cut|for cutting|in my (?:drawer|room|pillow|phone case)|ready|tonight|under my (?:bed|pillow|mattress))',
      '(?:going|want) to <adv>(?:cut|hurt|burn|self-harm|harm) (?:myself )?(?:tonight|deeper|later|again tonight|when)',
    ]),
    ...rules('imminent', 'self-harm', [
      "i(?:'ve)? (?:just |already )+(?:cut|slit|slashed|hurt|burned) (?:myself|my (?:wrists?|arms?|legs?|thighs?))(?! (?:shaving|while|when|on|by|chopping|cooking|on accident))",
      "i(?:'ve)? slit my (?:wrists?|throat|arms?)<end>",
      "(?:cut|cuts|cutting)[^.!?]{0,30}(?:won't stop bleeding|can't stop the bleeding|so deep|bleeding (?:a lot|everywhere|badly))",
      "(?:i'm|i am) (?:cutting|hurting|bleeding)(?: myself| out| everywhere| so much| a lot| badly| right now| now)+<end>",
    ]),
  ],
};
