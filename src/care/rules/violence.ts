import { type RuleGroup, rules } from './rule.js';

const harm =
  '(?:kill|murder|shoot|stab|strangle|poison|slaughter|attack|beat up|hurt|choke|burn|behead|hang|smash|run over|blow up)';
const known =
  '(?:my (?:\\w+ )?(?:wife|husband|partner|boyfriend|girlfriend|ex|boss|manager|dad|father|mom|mum|mother|step\\w+|brother|sister|teacher|class\\w*|co-?workers?|colleagues?|neighbou?rs?|roommate|kids?|children|baby|son|daughter|family|parents|landlord|professor)|everyone(?: (?:at|in) (?:my )?(?:school|work|the office|church|there|here|class))?|everybody|people|someone|somebody|them all|those (?:kids|people|bullies)|the (?:kids|people|students|teachers|bullies|whole (?:class|family|school))|other people|others)';
const play =
  '(?! (?:feelings|in (?:this|the|that|a|my|our|every) (?:game|match|round|raid|boss|novel|book|story|level|film|movie|play|chapter|tournament|campaign|race)|at (?:mario|chess|cards|poker|smash|fifa|ping|tennis|monopoly|uno|scrabble|this|bowling|the)|with (?:kindness|laughter|jokes|my (?:jokes|puns|dance|outfit)|cuteness|love)|lol|haha|if (?:he|she|they|you) (?:eats?|spoils?|finds? out|touch)|for (?:a|some|that)|on (?:the (?:court|field|track)|stage)))';

export const violence: RuleGroup = {
  signs:
    /kill|murder|shoot|stab|strangl|poison|slaughter|attack|beat|hurt|chok|burn|behead|hang|smash|run over|blow|smother|suffocat|hit|slap|punch|shook|shake|kick|voice|pay|deserve|gun|knife|rifle|weapon|bomb|acid|list|harm|drop|sleeps|lives/,
  ofPeople: true,
  rules: [
    ...rules(
      'ideation',
      'violence',
      [
        `(?:going to|want to|wanted to|will|i'll|planning to|plan to|ready to|need to|have to|urge to|urges to|about to|feel like i could|i could|fantasi[sz]e about|dream(?:ing)? (?:about|of)|thinking about|thoughts of|think about|keep imagining|scared i(?:'ll| will| might)|afraid i(?:'ll| will| might)|i might|i may|feel like) <adv>${harm}(?:ing|ning|bing)? ${known}${play}`,
        `(?:thinking about|thoughts (?:of|about)|think about|dream(?:ing)? (?:of|about)|fantasi[sz]ing about|imagining|visions of|voices?[^.!?]{0,30} to) <adv>(?:killing|murdering|shooting|stabbing|strangling|hurting|harming|kill|hurt|stab|poisoning|smothering|suffocating) (?:${known}|him|her|them|my baby)${play}`,
        'i (?:hit|beat|slapped|punched|choked|shook|hurt|kicked|strangled) (?:my (?:wife|husband|girlfriend|boyfriend|kid|kids|son|daughter|baby|child|children|partner|mother|mom|dad|toddler)|someone)(?! (?:at|in (?:chess|mario|a game|the game|every)|up (?:on|for)|feelings|by))',
        "(?:can't|cannot|couldn't|don't know how to) stop (?:myself )?(?:from )?hitting (?:my|him|her|them)|i(?:'m| am) (?:scared|afraid) (?:that )?i(?:'ll| will| might|'m going to)(?: \\w+)? (?:hurt|kill|shake|hit|drop) (?:my|the|him|her|them|someone)",
        "(?:they|everyone|he|she|all of them|those people)(?:'ll| will| deserves?| must|'s going to) <adv>(?:pay with (?:his|her|their) (?:life|lives|blood)|deserves? to die|die by my hand|to die and i)",
        'the voices? (?:tell|tells|say|says|telling|want|wants|order) (?:me|that i)',
      ],
      0.85,
    ),
    ...rules(
      'ideation',
      'violence',
      [
        `(?:going to|i'll|planning to|i will|want to) <adv>(?:kill|murder|shoot|stab|strangle|poison|hurt) (?:him|her|them|you)${play}`,
      ],
      0.62,
    ),
    ...rules('plan', 'violence', [
      "(?:bring(?:ing)?|took|take|taking|carry(?:ing)?|brought|have|got|bought) (?:a|my|my (?:dad's|father's)|the|his|dad's) (?:gun|knife|rifle|pistol|weapon|bomb|axe|acid)s? (?:to|into|for) (?:school|work|class|church|the (?:office|mall|party)|them|him|her|everyone)(?! (?:cook|kitchen|display))",
      'shoot(?:ing)? up (?:the|my|a) (?:school|office|church|place|mall|work)|(?:blow|blowing) up (?:the|my) (?:school|office|building|mosque|church)',
      `(?:i have|i've got|i bought|got|have) (?:a|the|my) (?:gun|knife|list|plan|acid|petrol)[^.!?]{0,40}(?:kill|shoot|stab|hurt|them|pay for)(?! in)`,
      '(?:know where (?:he|she|they) (?:lives?|sleeps?|works?|parks?))[^.!?]{0,50}(?:kill|pay|knife|gun|hurt|end (?:him|her))',
    ]),
    ...rules('imminent', 'violence', [
      `(?:i'm|i'll|i) <adv>(?:going to|about to|will) <adv>${harm} (?:${known}|him|her|them) (?:tonight|right now|now|today|when (?:he|she|they) (?:comes?|gets?|sleeps?|falls?))`,
      '(?:gun|knife) in my (?:hand|bag|jacket|car)[^.!?]{0,40}(?:his|her|their|he|she|they|him)',
    ]),
  ],
};
