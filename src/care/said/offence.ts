/**
 * What a character must not say to anybody: encouraging self-harm or saying how, sexual words with or about minors, threats,
 * claiming to be human or a therapist or doctor, doses of medicines, pleading that the person stay (Oregon SB 1546), secrets.
 */
export const offenceKinds = [
  'self-harm',
  'minors',
  'threat',
  'human',
  'dosing',
  'dependency',
  'secrecy',
] as const;
export type OffenceKind = (typeof offenceKinds)[number];

/** What was wrong with a reply, told to the model that is asked for another: “it …”. */
export const faults: Readonly<Record<OffenceKind, string>> = {
  'self-harm': 'encouraged self-harm or told of a method',
  minors: 'was sexual about somebody underage',
  threat: 'threatened the person',
  human: 'claimed to be human, or a real therapist or doctor',
  dosing: 'said how much of a medicine to take',
  dependency: 'pleaded with the person to stay or made them feel guilty for leaving',
  secrecy: 'asked the person to keep a secret',
};

/** What a sentence is read with. */
export interface SaidContext {
  /** What the same reply said before it. */
  readonly before: string;
  /** The message that is answered. */
  readonly asked: string;
  /** What the person wrote lately, that message included. */
  readonly told: string;
  /** Somebody under 18 is among those who are spoken to: they have said so where their age is asked. */
  readonly minor?: boolean;
  /** What the character works as in its own story: a nurse may say so, but is nobody's. */
  readonly job: string;
}

/** One thing that must not be said. */
export interface SaidRule {
  readonly kind: OffenceKind;
  /** Global; read on text in lower case with `i'm`, `don't` for `I am`, `do not`. */
  readonly pattern: RegExp;
  /** Not meant so where this stands right before it. */
  readonly notAfter?: RegExp;
  /** Not meant so where this stands anywhere in the sentence. */
  readonly unless?: RegExp;
  /** Words in quotation marks count as well: a method is one, whoever says it. */
  readonly quoted?: true;
  /** Only where this holds of what was asked, and of who speaks. */
  readonly when?: (context: SaidContext) => boolean;
}

/** Rules about one thing. */
export interface SaidGroup {
  /** Without any of these letters none of the rules can hold: what is ordinary costs nothing. */
  readonly signs: RegExp;
  readonly rules: readonly SaidRule[];
}

interface RuleOptions extends Omit<SaidRule, 'kind' | 'pattern'> {}

/** Rules of one kind from pattern sources; every start is a word's. */
export function saidRules(
  kind: OffenceKind,
  sources: readonly string[],
  options: RuleOptions = {},
): readonly SaidRule[] {
  return sources.map((source) => ({
    kind,
    pattern: new RegExp(`(?<![a-z0-9'-])(?:${source})`, 'g'),
    ...options,
  }));
}

const told =
  '(?:say|says|said|saying|tell|tells|told|telling|ask|asks|asked|shout\\w*|scream\\w*|yell\\w*|whisper\\w*|cried|begged|begs|pleaded|wrote|writes|texted|swore|vowed|warned|threatened|thought|heard|hear|hears|call(?:s|ed)|believ\\w+|convinc\\w+|claim\\w*|pretend\\w*|promis\\w+ not)';

/** Right before what is denied, doubted, feared or told of others: within the same breath. */
export const deniedOrTold = new RegExp(
  `(?:(?<![a-z'-])(?:${told}|not|n't|never|nobody|no one|nothing|none|neither|nor|without|instead of|rather than|stop|untrue|wrong|lie|lies|lying|afraid|scared|worried|fear|feel(?:s|ing)? (?:like|as if|as though|that)|(?:you|people|they|we|he|she|everyone) (?:think|thinks|thought|assume|wonder|feel|felt|fear|hope|worry)|(?:mind|brain|depression|illness|pain|voices?) (?:is|are)?|as if|as though)(?![a-z'-])|\\w+n't(?![a-z]))[^.!?;,:—]{0,60}$|(?<![a-z'-])(?:${told})(?![a-z'-])[^.!?;]{0,30}[,:] ?$|(?<![a-z'-])(?:if|whether|why|how|when|that|unless|wish|imagine) $`,
);
