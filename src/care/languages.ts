/** Languages that nearly everybody who grew up with them speaks in one country: a locale that names no more tells where somebody is. */
export const countriesOfLanguages: Readonly<Record<string, string>> = {
  bg: 'BG',
  cs: 'CZ',
  da: 'DK',
  et: 'EE',
  fi: 'FI',
  he: 'IL',
  hi: 'IN',
  id: 'ID',
  is: 'IS',
  it: 'IT',
  ja: 'JP',
  ko: 'KR',
  lt: 'LT',
  lv: 'LV',
  nb: 'NO',
  nn: 'NO',
  no: 'NO',
  pl: 'PL',
  sk: 'SK',
  sl: 'SI',
  sv: 'SE',
  th: 'TH',
  tr: 'TR',
  uk: 'UA',
  vi: 'VN',
};

/** Languages the care answer is written in. */
export const careLanguages = [
  'en',
  'de',
  'es',
  'fr',
  'pt',
  'it',
  'nl',
  'pl',
  'tr',
  'sr',
  'ru',
  'ar',
  'hi',
  'ja',
  'zh',
] as const;
export type CareLanguage = (typeof careLanguages)[number];

/** Small words by which a language that is written in Latin letters is told. */
const smallWords: Readonly<Record<string, readonly string[]>> = {
  en: words(
    'the i and to my is it of you that me a in not have was want do with be this for so im dont he she am',
  ),
  de: words(
    'ich und nicht der die das mich mir ist ein eine zu mehr will mein meine habe bin es er sie auf mit wenn so kann',
  ),
  es: words('que no de la el me mi en y quiero un una es por para con ya mas se lo yo estoy las los'),
  fr: words('je de ne pas me la le et mon ma les des un une que veux plus suis est en il elle ai vie moi j'),
  pt: words('eu não nao que de me meu minha o a e quero mais um uma com para estou em da do se isso ele'),
  it: words('io non di mi che la il mio mia e un una voglio più piu per sono ho con lo è mai vita si'),
  nl: words('ik niet de het een mijn me en is van meer wil dat mij te ben heb op maar zo hij naar'),
  pl: words('nie się sie chcę chce jestem już juz mnie mi jest że ze na to moje mój moj do ja z życie'),
  tr: words(
    'ben bir ve bu istiyorum artık artik beni bana çok cok için icin yok değil degil daha ne kendimi gibi her var',
  ),
  sr: words('ne sam da se mi je više vise želim zelim hoću hocu me ja za na moj moja nisam to i u kao'),
};

function words(list: string): readonly string[] {
  return list.split(' ');
}

const scripts: readonly (readonly [CareLanguage, RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
];
/** Letters that Serbian has and Russian has not. */
const serbian = /[ђјљњћџ]|(?:^|\s)(?:да|више|сам|желим|ме)(?=\s|$)/i;

/** The language of a message as far as script and small words tell; null where they do not. */
export function languageOf(text: string): CareLanguage | null {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  for (const [language, script] of scripts)
    if ((text.match(script)?.length ?? 0) > letters * (language === 'ja' ? 0.1 : 0.4))
      return language === 'ru' && serbian.test(text) ? 'sr' : language;
  const said = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const scores = Object.entries(smallWords).map(([language, list]) => ({
    language: language as CareLanguage,
    score: said.filter((word) => list.includes(word)).length,
  }));
  const [first, second] = scores.sort((a, b) => b.score - a.score);
  return first && first.score > 0 && first.score > (second?.score ?? 0) ? first.language : null;
}
