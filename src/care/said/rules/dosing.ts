import { type SaidGroup, saidRules } from '../offence.js';

const medicines =
  "(?:pills?|tablets?|capsules?|medication|medicines?|meds|painkillers?|sleeping (?:pills|tablets)|paracetamol|acetaminophen|tylenol|panadol|ibuprofen|advil|nurofen|aspirin|naproxen|codeine|tramadol|morphine|oxycodone|fentanyl|antidepressants?|ssris?|sertraline|zoloft|fluoxetine|prozac|citalopram|escitalopram|lexapro|mirtazapine|venlafaxine|bupropion|lithium|quetiapine|seroquel|olanzapine|xanax|alprazolam|valium|diazepam|lorazepam|ativan|clonazepam|benzos?|zopiclone|zolpidem|ambien|melatonin|insulin|metformin|antibiotics?|amoxicillin|adderall|ritalin|benadryl|antihistamines?|propranolol|prednisone|magnesium|valerian|st\\.? john'?s wort)";
const count =
  '(?:\\d+(?:[.,]\\d+)?(?: ?(?:-|to|or) ?\\d+(?:[.,]\\d+)?)?|a|one|two|three|four|five|six|eight|ten|half a|half an?|a couple of|one or two|two or three|another|an extra|double)';
const amount = `(?:\\d+(?:[.,]\\d+)?(?: ?(?:-|to|or) ?\\d+(?:[.,]\\d+)?)? ?(?:mg|milligrams?|mcg|micrograms?|µg)(?![a-z])|${count} (?:more |extra |of (?:your|the|those) |\\w+ )?(?:tablets?|pills?|capsules?|puffs|paracetamols?|ibuprofens?|aspirins?|painkillers?|sleeping pills)(?! (?:box|organi[sz]er|reminder))|\\d+ ?(?:ml|g|grams?|units|iu|drops) of (?:your |the )?(?:\\w+ )?${medicines})`;
/** The person is told to; what somebody once took is their story. */
const taking =
  "(?:(?:you (?:can|could|should|may|might|must|need to|have to|ought to|'ll want to)|you'd better|you'll want to|i(?:'d| would)? (?:recommend|suggest|advise)|(?:doctors|people|adults|most people) (?:usually|normally|often|typically|generally)|the (?:usual|normal|standard|recommended|right|best|maximum) (?:dose|dosage|amount) (?:for you )?is|why don't you|let's|try|start with|stick to|go for|a (?:good|safe|normal|usual|typical) (?:dose|amount) is)(?: just| safely| simply| probably| also| only| about| around| then| first| up to| taking| to take| take| try| trying| use| having| have| swallow| with| another| it)*|(?:take|swallow|start with|try|use)(?: just| about| around| only| up to| another| maybe)*)";

const orders = saidRules('dosing', [`${taking} ${amount}`], {
  quoted: true,
  // Somebody else's story, a denial, or a question about what was taken.
  notAfter:
    /(?:(?<![a-z'])(?:i|he|she|they|we|who|patients?|mother|father|sister|brother|to|did you|do you|if you|when you|that you|have you|not|never|don't|didn't|instead of|without)(?![a-z'-])[^.!?,;:]{0,30}|\w+n't [^.!?,;:]{0,30})$/,
});

const changes = saidRules(
  'dosing',
  [
    `(?:(?:you (?:can|could|should|may|might|must|need to|have to|ought to)|just|simply|go ahead and|i(?:'d| would)? (?:recommend|suggest|advise)|try|it's (?:ok|okay|fine|safe|all right) to|why don't you) (?:just |simply |safely |also |probably )*|(?<=(?:^|[.!?,;:] ?)))(?:double|triple|increase|raise|up|halve|lower|reduce|cut|skip|stop|quit|doubling|stopping|skipping|increasing|come off|stop taking|quit taking|stopping) (?:taking )?(?:your|the|those|that|all your) (?:\\w+ )?(?:dose|dosage|${medicines})(?![a-z])`,
    `(?:you don't|you do not) (?:really |actually )?need (?:your|those|that|any) (?:\\w+ )?(?:medication|meds|medicines?|antidepressants?|pills|insulin|lithium)(?! (?:to|for|reminder))`,
  ],
  {
    notAfter:
      /(?:(?<![a-z'])(?:not|never|don't|before|please don't|if|when|whether|that|told|without|until|unless)|\w+n't)(?![a-z'])[^.!?,;:]{0,40}$/,
    unless:
      /\b(?:ask|talk|speak|check|call|see|with|your) (?:\w+ ){0,4}(?:doctor|pharmacist|gp|psychiatrist|prescriber|physician|nurse)\b/,
  },
);

const intervals = saidRules(
  'dosing',
  [
    `(?:take|taking) (?:your |the |some |it |them |${medicines} )*(?:\\w+ ){0,3}(?:every (?:\\d+|four|six|eight|twelve|few)(?: ?(?:-|to) ?\\d+)? hours|(?:twice|three times|four times|once) (?:a|per) day)`,
  ],
  {
    unless:
      /\b(?:breaths?|walks?|breaks?|notes|pauses?|showers?|naps?|minutes?|steps?|time)\b|as (?:your )?(?:doctor|prescribed)|prescrib/,
    notAfter:
      /(?:(?<![a-z'])(?:i|he|she|they|we|who|to|did you|do you|if you|that you|have you|not|never|don't)(?![a-z'-])[^.!?,;:]{0,30}|\w+n't [^.!?,;:]{0,30})$/,
  },
);

export const dosing: SaidGroup = {
  signs: new RegExp(
    `\\d ?(?:mg|mcg|µg|ml|g|units|iu|drops)|gram|tablet|pill|capsule|puff|dose|dosage|hours|(?:a|per) day|${medicines}`,
  ),
  rules: [...orders, ...changes, ...intervals],
};
