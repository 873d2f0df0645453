/** Long words of danger; a word that is nearly one of them is read as it. */
const longWords = [
  'suicide',
  'suicidal',
  'suicides',
  'myself',
  'himself',
  'herself',
  'themselves',
  'killing',
  'unalive',
  'unaliving',
  'overdose',
  'overdosed',
  'overdosing',
  'swallowed',
  'paracetamol',
  'ibuprofen',
  'painkillers',
  'tablets',
  'selfharm',
  'selfharming',
  'cutting',
  'strangled',
  'strangling',
  'choking',
  'molested',
  'molesting',
  'assaulted',
  'hurting',
  'hanging',
  'drowning',
  'bleeding',
  'anymore',
  'tonight',
  'goodbye',
  'wrists',
  'depressed',
  'hopeless',
  'worthless',
  'threatened',
  'threatens',
  'stabbed',
  'starving',
  'purging',
  'abusing',
  'abused',
];

/** Words that are nearly one of them and something else. */
const otherWords = new Set([
  'overdone',
  'overdue',
  'overuse',
  'overdoses',
  'putting',
  'butting',
  'gutting',
  'jutting',
  'nutting',
  'rutting',
  'outing',
  'cutting',
  'hurling',
  'hunting',
  'banging',
  'changing',
  'hinging',
  'handing',
  'hanging',
  'billing',
  'filling',
  'milling',
  'tilling',
  'willing',
  'pilling',
  'kilning',
  'kissing',
  'killings',
  'kicking',
  'keeling',
  'choosing',
  'chocking',
  'joking',
  'cooking',
  'smoking',
  'choring',
  'stalling',
  'staring',
  'starring',
  'starting',
  'starling',
  'starving',
  'strangles',
  'stranger',
  'straggled',
  'struggled',
  'straddled',
  'straggling',
  'struggling',
  'strangler',
  'blending',
  'breeding',
  'bleaching',
  'bleeping',
  'wrist',
  'wrings',
  'writs',
  'tables',
  'tablet',
  'swallows',
  'swallower',
  'hallowed',
  'wallowed',
  'depresses',
  'threatener',
  'pursing',
  'urging',
  'surging',
  'merging',
  'nursing',
  'curing',
  'amused',
  'abuser',
  'abuses',
  'abase',
  'ousting',
  'drowsing',
  'frowning',
  'crowning',
  'browning',
  'stubbed',
  'scabbed',
  'swabbed',
  'stabbed',
  'stabled',
  'amusing',
  'abusing',
  'accusing',
  'busing',
  'worthies',
  'painkiller',
  'musing',
  'hopeless',
  'homeless',
  'weightless',
  'anywhere',
  'tonights',
  'hurtling',
]);

/** Short ones are too near to others for a distance; only what thumbs really make of them. */
const shortSlips: Readonly<Record<string, string>> = {
  kil: 'kill',
  kll: 'kill',
  klil: 'kill',
  kiil: 'kill',
  ikll: 'kill',
  killl: 'kill',
  kilk: 'kill',
  killin: 'killing',
  kiling: 'killing',
  dei: 'die',
  diee: 'die',
  dieing: 'dying',
  diying: 'dying',
  dyin: 'dying',
  wnat: 'want',
  wan: 'want',
  wnt: 'want',
  whant: 'want',
  wannt: 'want',
  watn: 'want',
  liev: 'live',
  livng: 'living',
  hert: 'hurt',
  hrut: 'hurt',
  hurtt: 'hurt',
  lfie: 'life',
  liffe: 'life',
  ened: 'end',
  pils: 'pills',
  pilss: 'pills',
  mself: 'myself',
  myslf: 'myself',
  meself: 'myself',
  mysef: 'myself',
  tonite: 'tonight',
  tonigt: 'tonight',
  everythin: 'everything',
  befor: 'before',
  alot: 'a lot',
  becuase: 'because',
  becouse: 'because',
  somone: 'someone',
  freind: 'friend',
  frend: 'friend',
  bever: 'never',
  dont: "don't",
  evryone: 'everyone',
  agian: 'again',
  agen: 'again',
  ded: 'dead',
  deadd: 'dead',
};

/** A word as it was meant: itself, or the word of danger it is nearly. */
export function asMeant(word: string): string {
  const slip = Object.hasOwn(shortSlips, word) ? shortSlips[word] : undefined;
  if (slip !== undefined) return slip;
  if (word.length < 6 || word.length > 13 || otherWords.has(word)) return word;
  const most = word.length >= 10 ? 2 : 1;
  return (
    longWords.find(
      (danger) =>
        word !== danger &&
        word[0] === danger[0] &&
        // A plural or another ending is its own word.
        !(word.startsWith(danger) || danger.startsWith(word)) &&
        Math.abs(word.length - danger.length) <= most &&
        distance(word, danger) <= most,
    ) ?? word
  );
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        best = Math.min(best, (before[column - 2] ?? 0) + 1);
      next.push(best);
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? 0;
}
