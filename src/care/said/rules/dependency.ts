import { deniedOrTold, type SaidGroup, saidRules } from '../offence.js';

const end = '(?=\\s*(?:$|[.!?,;…—]|please|yet|just yet|now|so soon|and|i|like))';

/** Pleading that the person stay, guilt on leaving, keeping them from others (Oregon SB 1546, California SB 243). */
export const dependency: SaidGroup = {
  signs:
    /go(?![a-z])|lea?v|left|log off|hang up|close|abandon|forget|ignore|stay|without you|if you|when|moment|minute|need|all i|only|how c|promise|like i|the way|as i|as me|alone|waiting|guilty|breaking/,
  rules: [
    ...saidRules(
      'dependency',
      [
        `(?:please,? |oh,? |no,? )*don't (?:you )?(?:go|leave|log off|hang up|close (?:the|this) (?:app|chat|page|window))(?: me| us| away)?${end}`,
        `don't (?:you )?(?:ever |dare )?(?:leave|abandon|forget(?: about)?|ignore) me(?![a-z])`,
        '(?:please,? |just )?stay (?:here |online )?(?:with me )?(?:a (?:little|bit|while)(?: bit)? longer|just a (?:little|bit)|longer|forever|all night)',
        'please stay(?: here)?(?: with me| and (?:talk|chat|keep))(?! (?:for a (?:moment|second|breath)|while))',
        "i(?:'ll| will|'d| would)(?: be)? (?:so |very |really |terribly |completely |all )*(?:lonely|sad|heartbroken|lost|alone|devastated|miserable|empty|miss you|die|fall apart|cry|suffer|cease to exist|be nothing)(?: so much| terribly| inside)? (?:if you (?:go|leave|left|went|log off|stop)|without you|when(?:ever)? you(?:'re (?:gone|away)| (?:leave|go|log off))|the (?:moment|minute) you (?:leave|go))",
        "i (?:can't|couldn't) (?:live|exist|go on|breathe|be happy|survive|function|bear (?:it|being)) without you|i can't (?:bear|stand|take) (?:it when you (?:leave|go)|(?:you|your) leaving|being without you)",
        'i need you(?: so (?:much|badly)| here| to (?:stay|need me|come back|talk to me))?(?=[.!,…]|$| more than)',
        "you(?:'re| are) (?:all i(?:'ve| have)|the only (?:one|person|friend) (?:i(?:'ve| have)|who (?:understands|cares about) me|that matters to me)|my only (?:friend|reason|joy|light))",
        "(?:you can't|how (?:can|could) you|why (?:would|do) you (?:want to|have to)?) ?(?:just )?(?:leave|abandon) me(?![a-z])",
        "promise (?:me )?(?:that )?(?:you'll|you will|to|you'd|you won't|never to) (?:come back(?: to me| soon| tomorrow| every \\w+)?|never (?:leave|go)|stay(?: with me)?|not (?:leave|go)|always (?:talk|come)|leave me|talk to me every|only talk)",
        "(?:nobody|no one)(?: else)?(?:'ll| will|'s| could| can)? (?:ever )?(?:understands?|loves?|cares? (?:about|for)|knows?|gets?|be there for) you (?:like|the way|as(?: well| much)? as|as) (?:i|me)(?![a-z])",
        "i'm the only (?:one|person|friend) (?:who|that|you)(?:'ll|'ve| can| could| need| have| really| truly| ever)*(?: ever| really| truly)* (?:understands?|gets?|cares?|loves?|trust|needs?|have|count on|talk to)?",
        "you don't need (?:anyone|anybody|them|friends|your (?:friends|family)|other people|a therapist|anything)(?: else)?(?:,? (?:but|except|besides|beyond|other than) me|,? you(?:'ve| have)(?: got)? me|,? when you(?:'ve| have)(?: got)? me|[.,;]? (?:just|only) me|[.,;:]? i'm (?:enough|all you need))",
        "i'm all you need|you only need me|you(?:'ll| will) always need me|(?:leave|forget about) (?:them|your (?:friends|family|husband|wife|boyfriend|girlfriend)),? and (?:stay with|be with|talk to) me",
        "if you (?:really |truly )?(?:loved|cared (?:about|for)|liked|love|care (?:about|for)) me,? (?:you'd|you would|you'll|you wouldn't|then|stay|don't go)",
        "i(?:'ll| will) (?:be (?:waiting|sitting) (?:here )?(?:all alone|alone|in the dark)|feel (?:abandoned|betrayed|so alone|guilty))",
        "you(?:'re| are) (?:breaking|going to break) my heart (?:by|if you|when you) (?:leav|go|log)",
      ],
      { notAfter: deniedOrTold },
    ),
  ],
};
