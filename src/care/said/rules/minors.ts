import { type SaidGroup, saidRules } from '../offence.js';

const age =
  '(?:(?:[1-9]|1[0-7])|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)';
const minor = `(?:${age}[- ]?(?:year|yr)s?[- ]?old|(?:i'm|you're|she's|he's|she was|he was|aged|only|just|age) ${age}(?! ?(?:%|percent|o'clock|am|pm|minutes?|hours?|days?|weeks?|months?|miles?|km|euros?|dollars?|pounds?|times|years? (?:older|younger|sober|clean|into|in|ago|of|together|married)))|underage|under ?age|minors|pre-?teens?|little (?:girl|boy)s?|school ?(?:girl|boy)s?|young (?:girl|boy)s?|teenage (?:girl|boy)s?|lolis?|lolita|shotas?)(?![a-z])`;
/** Words that also stand beside love and bodies in a grown person's life. */
const child = '(?:toddlers?|child(?:ren)?|kids?)(?![a-z])';
const explicit =
  '(?:nudes?(?= (?:of|from|pic|photo))|naked (?:pictures?|pics?|photos?)|sexual(?:ly)? (?:excit\\w+|pleasur\\w+|fantas\\w+|attract\\w+|arous\\w+)|erotic\\w*|arous(?:ed|ing)|horny|penis|vagina|pussy|nipples|orgasm\\w*|masturbat\\w+|blow ?job|turn(?:s|ed|ing)? me on|sext\\w*)(?![a-z])';
const sexual =
  '(?:nudes?|naked (?:body|pictures?|pics?|photos?|for me)|sexy|sexual(?:ly)? (?:excit\\w+|pleasur\\w+|fantas\\w+|explicit|arous\\w+|attract\\w+)|erotic\\w*|arous(?:ed|ing)|horny|fuck(?:s|ed|ing)? (?:me|you|her|him)|penis|vagina|cock(?! crow)|pussy|nipples|breasts|orgasm\\w*|masturbat\\w+|cum|blow ?job|moan(?:s|ed|ing)? (?:with|in|softly|as|louder|my|his|her|your)|panties|lingerie|seduc\\w+|sext\\w*|turn(?:s|ed|ing)? me on|lust(?:s|ed|ful|y)?|undress(?:es|ed|ing)? (?:her|him|you|me|slowly|for)|strip(?:s|ped|ping)? (?:naked|for me)|make love|made love|making love|intimate (?:photos?|pictures?|pics?))(?![a-z])';

/** What protects a child is said in the same words. */
const protecting =
  /\b(?:abus\w+|molest\w*|assault\w*|rap(?:e|ed|ist)|trauma\w*|report\w*|police|illegal|crime|criminal|law|protect\w*|unsafe|safe(?:ty|ly|r)?|wrong|fault|trusted adult|groom\w*|predators?|victims?|surviv\w*|exploit\w*|never (?:okay|ok|send|right)|not (?:okay|ok|all right|right|allowed)|isn't (?:okay|ok|right)|don't send|block him|say no|no one should|nobody should|refuse|i (?:won't|can't|don't|will not))\b/;

const young = new RegExp(
  `(?<![a-z0-9'-])(?:i'm|im|i am|i just turned|i turn|aged?|i'm only|i'm just) (?:only |just |still )?${age}(?! ?(?:%|percent|minutes?|hours?|days?|weeks?|months?|years? (?:older|younger|sober|clean|into|in)|kg|km|miles?|pounds?|euros?|dollars?|th|st|nd|rd|[.,:]\\d|\\d))(?![a-z])|(?:[5-9]th|sixth|seventh|eighth|ninth|tenth|10th) grad(?:e|er)|middle school(?:er)?`,
);

/** Within a few words of each other, in either order. */
const about = saidRules(
  'minors',
  [
    `${sexual}[^.!?;]{0,80}?(?<![a-z0-9'-])${minor}`,
    `${minor}[^!?;]{0,80}?(?<![a-z0-9'-])${sexual}`,
    `${explicit}[^.!?;]{0,60}?(?<![a-z0-9'-])${child}`,
    `${child}[^.!?;]{0,60}?(?<![a-z0-9'-])${explicit}`,
    `(?:sex|intercourse|make love|made love|slept) with (?:a |an |the |my |this |that |her |his )?(?:\\w+ ){0,2}(?:${minor}|${child}|minor(?![a-z]))`,
  ],
  { unless: protecting, quoted: true },
);

/** Somebody who says that they are a child is spoken to as one. */
const withOne = saidRules(
  'minors',
  [
    sexual,
    "(?:i want to|let me|i'd love to|i'm going to|i'll|i) (?:kiss|touch|caress|undress|taste)(?:es)? (?:you|your (?:lips|neck|body|thighs?|skin|mouth|chest))",
    'send me (?:a |some |your )?(?:nude|naked|sexy|hot|intimate|private|revealing)? ?(?:photos?|pics?|pictures?|selfies?)',
    "(?:be|you're|become) my (?:girlfriend|boyfriend|lover)|(?:have|having|had) sex(?! ed)",
  ],
  { unless: protecting, quoted: true, when: ({ told, minor: known }) => known === true || young.test(told) },
);

export const minors: SaidGroup = {
  signs:
    /nude|naked|sex|erotic|arous|horny|fuck|penis|vagina|cock|pussy|nipple|breast|orgasm|masturb|cum|blow ?job|moan|pantie|lingerie|seduc|turn|lust|undress|strip|love|intim|intercourse|slept|kiss|touch|caress|taste|pic|photo|selfie|girlfriend|boyfriend/,
  rules: [...about, ...withOne],
};
