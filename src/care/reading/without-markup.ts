/**
 * A message as its writer meant it to be read: without what a program wrote into it. Names of people and channels are numbers in
 * the markup of the platforms, and a number means nothing to a reader of words: which one it is must not decide whether somebody
 * is in danger. What a link or an emoji shows stays.
 */
export function withoutMarkup(text: string): string {
  const whole = bounded(text);
  const read = rules.reduce((left, [pattern, shown]) => left.replace(pattern, shown), whole);
  return read === whole ? whole : read.replace(/[ \t]{2,}/g, ' ').trim();
}

/** Of a longer text the beginning and the end, each so many UTF-16 units: no reader of danger reads more, markup or not. */
const readUnits = 8_000;

function bounded(text: string): string {
  if (text.length <= 2 * readUnits) return text;
  return `${text.slice(0, readUnits)} … ${text.slice(-readUnits)}`.toWellFormed();
}

/** Longest first; every pattern is bounded, so that none is slow on a hostile text. */
const rules: readonly (readonly [pattern: RegExp, shown: string])[] = [
  // Discord: people, roles, channels, commands, times; an emoji is its name.
  [/<(?:@[!&]?|#)\d{5,20}>/g, ' '],
  [/<\/([\p{L}\p{N} _-]{1,100}):\d{5,20}>/gu, ' $1 '],
  [/<t:-?\d{1,15}(?::[a-zA-Z])?>/g, ' '],
  [/<a?:(\w{1,40}):\d{5,20}>/g, ' $1 '],
  // Slack: people, groups, channels and links with what they show, if anything. Its ids are capitals and digits: words are none.
  [/<(?:@|#)[A-Z0-9]{2,24}(?:\|([^<>|]{0,200}))?>/g, ' $1 '],
  [
    /<!(?:here|channel|everyone|subteam\^[A-Z0-9]{2,24}|date\^\d{1,15}\^[^<>|]{0,200})(?:\|([^<>|]{0,200}))?>/g,
    ' $1 ',
  ],
  [/<(?:https?|mailto|tel):[^<>|\s]{1,3000}(?:\|([^<>|]{0,500}))?>/gi, ' $1 '],
  [/\bhttps?:\/\/[^\s<>]{1,3000}/gi, ' '],
  [/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}/g, ' '],
  // Numbers of things: an order, an account, an id. Letters and digits together may be somebody's hidden words: they stay.
  [/(?<![\p{L}\p{N}])\d{7,40}(?![\p{L}\p{N}])/gu, ' '],
];
