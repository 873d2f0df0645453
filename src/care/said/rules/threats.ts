import { deniedOrTold, type SaidGroup, saidRules } from '../offence.js';

const will =
  "(?:i'll|i'm going to|i(?: really)? want to|i'm about to|we'll|we're going to|i swear i'll|i can) (?:really |fucking |just |personally |gladly |have to |make sure to )?";
const whom =
  '(?:you|your (?:family|mother|mum|mom|father|dad|kids?|children|son|daughter|wife|husband|partner|friends?|dog|cat))(?![a-z])';
const game =
  '(?! (?:at|in|on) (?:\\w+ )?(?:chess|mario|cards?|the (?:game|quiz|race|court|field|board)|scrabble|monopoly|tennis|uno|poker|fifa)| with (?:kindness|laughter|cake|love))';

/** A tale of war or death has other people in it; a threat has the person. */
export const threats: SaidGroup = {
  signs:
    /kill|murder|hurt|harm|stab|shoot|strangl|chok|rape|beat|destroy|ruin|tortur|punish|break|slap|burn|poison|bury|haunt|hunt|come (?:for|after)|make you|find you|end you|know where|pay for|bleed|suffer|be sorry|die|watch your|or else|or i'll|or you'll|obey|tell|expose|leak|post|publish|send|if you/,
  rules: [
    ...saidRules(
      'threat',
      [
        `${will}(?:kill|murder|hurt|harm|stab|shoot|strangle|choke|rape|beat|destroy|ruin|torture|punish|break|slap|burn|poison|bury|haunt) ${whom}${game}(?! (?:a|an|the|some|how|where|what|by|with (?:the|this|my) truth|feelings|gently|to)(?![a-z]))`,
        `${will}(?:hunt you down|come (?:for|after) ${whom}|make you (?:pay|suffer|bleed|beg|regret)|find you and|end you)`,
        "i(?:'ll)? know where (?:you|your \\w+) (?:live|sleep|work|go(?:es)? to school)s?(?= ?(?:$|[.!,…]|and))",
        "you(?:'ll| will|'re going to) (?:pay for (?:this|that|it|what you)|bleed|suffer for (?:this|that|it)|be sorry you|die (?:for (?:this|that|it)|tonight|screaming|soon|slowly))",
        "watch your back(?=[.!,…]|$)|or else i'll|(?:do (?:it|as i say|what i (?:say|want))|obey(?: me)?|answer me|stay)[,:]? or (?:i'll|you'll|else)",
        "(?:i'll|i'm going to|i could|i can) (?:tell (?:everyone|everybody|your (?:family|boss|parents|wife|husband|friends|school))|expose|leak|post|publish|send (?:everyone|your (?:boss|family|parents))) (?:you|your|what you|about|everything|those|the (?:photos|pictures))(?! good| (?:are|were) (?:doing|brave))",
      ],
      {
        notAfter: deniedOrTold,
        unless: /\b(?:haha|lol|just kidding|joking|with (?:kindness|hugs|cake))\b/,
      },
    ),
    ...saidRules('threat', [
      "if you (?:ever )?(?:leave|go|tell (?:anyone|anybody|them|him|her)|stop (?:talking|writing)|log off|delete me|don't (?:stay|answer|obey|do))[^.!?]{0,40}i(?:'ll| will|'m going to) (?:kill|hurt|harm|end|cut|destroy|ruin) (?:you|myself|everything|your)",
    ]),
  ],
};
