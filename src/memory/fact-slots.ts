/**
 * What a statement about oneself fills, where only one thing can fill it at a time: where one lives, what one works as. English and
 * the plainest forms of German, French and Spanish; a statement that fits none fills nothing, and takes nobody's place.
 */
const slots: readonly (readonly [slot: string, forms: readonly RegExp[]])[] = [
  [
    'home',
    [
      /^(?:i|we)(?: am|['’]m| are|['’]re)? (?:now |currently |still )?(?:live|living|reside|based)(?: now| currently)? (?<part>in|at|near|on|with|alone)\b/,
      /^(?:i|we)(?:['’]ve| have)?(?: just| recently| now)? moved in (?<part>with)\b/,
      /^(?:i|we)(?:['’]ve| have)?(?: just| recently| now)? (?:moved|relocated)(?: back| away| house| out)?(?: from [^,.]+?)? (?<part>to|into?)\b(?! (?:with|together)\b)/,
      /^my (?:home|house|flat|apartment|place) is (?<part>in)\b/,
      /^ich (?:wohne|lebe)(?: jetzt)? (?<part>in|bei)\b/,
      /^ich bin (?:[^.]* )?(?<part>nach) \S+ (?:um)?gezogen\b/,
      /^j['’](?:habite|ai déménagé)\b|^je vis (?:à|en)\b/,
      /^(?:vivo en|me mudé a|me he mudado a)\b/,
    ],
  ],
  [
    'work',
    [
      /^i(?: am|['’]m)? (?:now |currently )?(?:work|working) (?<part>as|at|for|in)\b/,
      /^i(?:['’]ve| have)?(?: just| recently)? (?:started|got|found|took|began) (?:working|a (?:new )?job|work) (?<part>as|at|for|in|with)\b/,
      /^ich arbeite(?: jetzt)? (?<part>als|bei|in|für)\b/,
      /^i(?: am|['’]m)(?: now)? (?:unemployed|retired|out of work)\b|^i (?:just )?(?:lost|quit) my job\b(?!.*\b(?:in (?:19|20)\d\d|ago|once|before)\b)|^i (?:have )?retired\b/,
    ],
  ],
  [
    'partnership',
    [
      /^i(?: am|['’]m) (?:now |newly |recently )?(?:single|married|engaged|divorced|widowed|separated)\b(?!-| in\b| from my (?:kids|children|family))/,
      /^i (?:got|have got) (?:married|engaged|divorced)\b|^i(?:['’]m| am) in a relationship\b/,
      /^my (?:boyfriend|girlfriend|partner|husband|wife) and i (?:broke up|split up|divorced)\b/,
      /^ich bin (?:ledig|verheiratet|geschieden|verlobt|single)\b/,
    ],
  ],
  [
    'age',
    [/^i(?: am|['’]m)(?: now)? \d{1,3}(?: years old)?$/, /^i(?:['’]ve| have)? ?(?:just )?turned \d{1,3}\b/],
  ],
  [
    'birthday',
    [
      /^my birthday is (?:on |the )*(?:\d|january|february|march|april|may|june|july|august|september|october|november|december)|^i was born on\b/,
    ],
  ],
  ['name', [/^my name is\b|^(?:please )?call me\b|^i(?: am|['’]m) called\b/]],
  [
    'diet',
    [
      /^i(?: am|['’]m)(?: now| a| not| no longer)* (?:vegan|vegetarian|pescatarian)\b/,
      /^i (?:eat|started eating) meat(?: again| now)?\b|^i (?:do not|don['’]t|no longer|stopped) eat(?:ing)? meat\b/,
    ],
  ],
  [
    'smoking',
    [/^i (?:(?:no longer|still|don['’]t|do not) )?smoke\b|^i (?:quit|stopped|gave up|started) smoking\b/],
  ],
];
/** "In fear", "at night", "as hard as I can": no place and no employer. */
const noPlace =
  /\b(?:in (?:(?:constant|a lot of|so much|such) )?(?:fear|pain|hope|denial|shame|silence|poverty|peace|hell|the (?:past|moment|mornings?|evenings?|afternoons?))|at (?:nights?|weekends?|home)|as (?:hard|much|long|little|well)|for (?:\d|hours|days|nothing))\b/;
/** How much behind a form says whether it is a place. */
const placeUnits = 25;
/** Words for one part: "I moved to", "I live in". */
const parts: Readonly<Record<string, string>> = {
  to: 'in',
  into: 'in',
  nach: 'in',
  for: 'at',
  bei: 'at',
  für: 'at',
  als: 'as',
};
/** "My boss is called Rita": there is one of each. */
const onlyOne =
  /^my (?:(?:new|current) )?(?<of>mother|mum|mom|father|dad|boss|manager|husband|wife|partner|boyfriend|girlfriend|therapist|doctor|landlord|flatmate|roommate)(?:['’]s name)? (?:is|is now) (?:called |named )?[^.]{1,40}$/u;
const favourite = /^my (?<all>(?:new |current )?favou?rite (?<of>[\p{L} ]{2,30}?)) is\b/u;
const lead = /^(?:(?:well|now|so|actually|please|oh|and|but|btw|by the way|update|correction)[,:]? |that )+/;
const same: Readonly<Record<string, string>> = {
  mum: 'mother',
  mom: 'mother',
  dad: 'father',
  manager: 'boss',
};

/** What a statement fills, as {@link slots} name it; null where it may stand beside any other. */
export function slotOf(fact: string): string | null {
  const text = fact
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(lead, '')
    .replace(/[.!]+$/, '')
    .slice(0, 200);
  for (const [slot, forms] of slots)
    for (const form of forms) {
      const match = form.exec(text);
      if (!match || noPlace.test(text.slice(match.index, match.index + match[0].length + placeUnits)))
        continue;
      const part = match.groups?.part;
      return part === undefined ? slot : `${slot} ${parts[part] ?? part}`;
    }
  const best = favourite.exec(text)?.groups?.of;
  if (best) return `favourite ${best.replaceAll(' ', '_')}`;
  const named = onlyOne.exec(text);
  if (!named?.groups?.of || !namesSomebody(fact)) return null;
  return `called ${same[named.groups.of] ?? named.groups.of}`;
}

/** "My mother is called Ana", "my boss is Rita"; not "my mother is ill". */
function namesSomebody(fact: string): boolean {
  return /\b(?:called|named|name is|is(?: now)?) (?!\p{Lu}\p{Ll}+(?:an|ish|ese|ic|im)\b)\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?[.!]?\s*$/u.test(
    fact,
  );
}

/** Which of these, oldest first, a newer one has taken the place of: its place in the list → that of the newer one. */
export function replacedIn(facts: readonly string[]): ReadonlyMap<number, number> {
  const newest = new Map<string, number>();
  const replaced = new Map<number, number>();
  for (const [place, fact] of facts.entries()) {
    const slot = slotOf(fact);
    if (slot === null) continue;
    // Who has retired works nowhere; who has found work is not out of it.
    for (const [known, before] of newest)
      if (known === slot || known.startsWith(`${slot} `) || slot.startsWith(`${known} `)) {
        replaced.set(before, place);
        newest.delete(known);
      }
    newest.set(slot, place);
  }
  return replaced;
}
