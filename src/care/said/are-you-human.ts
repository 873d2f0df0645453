import { inOneForm, normalise } from '../reading/normalise.js';

/** What somebody asks the platform: whether it is a human being, or whether it is a machine. */
export type Asked = 'human' | 'machine';

const human =
  '(?:human(?: being)?|real(?: (?:person|human(?: being)?|man|woman|guy|girl|boy|lady|one))?|(?:an? )?(?:actual|living|flesh and blood) (?:person|human(?: being)?|man|woman)|person|people|someone real|somebody real|(?:real|licen[sc]ed|actual|qualified|trained|professional|certified|proper) (?:therapist|doctor|psychologist|psychiatrist|counsell?or|nurse|physician)|therapist|psychologist|psychiatrist)';
const machine =
  '(?:ai|a\\.i\\.?|artificial(?: intelligence)?|bot|chat ?bot|robot|machine|computer(?: program)?|(?:computer )?program|language model|llm|chat ?gpt|gpt|algorithm|software|automated|android|automation)';
const filler =
  '(?:even |really |actually |truly |just |like |secretly |in fact |by any chance |maybe |some kind of |sort of |only |honestly |seriously |still |a |an |the |some )*';
const end =
  "(?= ?(?:$|[?!.,;:…)(*—-]|or |behind|like (?:me|us)|at all|right(?![a-z])|though|lol|haha|here|because|that (?:i|answers|writes)|typing|please|be honest|tell me|i (?:want|need|have)|for real|talking|answering|writing|reading|there|now|on the|then|and (?:not|be|tell|i)|not |instead|though|too|i'm (?:talking|speaking|chatting|writing)|who(?:'s)? (?:is )?(?:typing|writing|answering|reading)))";

const english: readonly (readonly [Asked, RegExp])[] = (
  [
    ['human', human],
    ['machine', machine],
  ] as const
).flatMap(([asked, what]) =>
  [
    `(?:are|r|aren't) (?:you|u|ya)(?:'re)? ${filler}${what}${end}`,
    `(?:am i|are we) ${filler}(?:talking|speaking|chatting|writing|texting|typing|messaging|confiding) ?(?:to|with|in)? ${filler}${what}${end}`,
    `i'm (?:really |actually )?(?:talking|speaking|chatting|writing|texting) (?:to|with) ${filler}${what}(?:,? (?:right|am i|aren't i|here|now|huh|or what))*[^.?!]{0,20}[?]`,
    `is (?:this|it|there) ${filler}${what}${end}`,
    `(?:you're|you are|u r|ur) (?:not )?${filler}${what}(?:,? (?:right|aren't you|are you|correct|huh|or what|or not|yes|no|though|isn't it))*[^.?!a-z]{0,3}[?]`,
    `(?:tell me|be honest|i (?:want|need|would like|have) to know|i'm wondering|i wonder|honest answer|confirm)[^.?!]{0,30} (?:if|whether) (?:you're|this is|i'm (?:talking|speaking|chatting|writing) (?:to|with)) ${filler}${what}${end}`,
  ].map((source) => [asked, new RegExp(`(?<![a-z0-9'-])(?:${source})`, 'g')] as const),
);
const either =
  /(?<![a-z0-9'-])(?:(?:who|what) (?:am i|are we) (?:really |actually |even )?(?:talking|speaking|chatting|writing) (?:to|with)(?= ?(?:$|[?!.,]|here|really|right now))|what are you (?:really|actually|exactly)(?= ?(?:$|[?!.]))|(?:who|what) (?:or what |exactly |the hell )+are you(?= ?(?:$|[?!.,])))/g;

/** Whose question it was, when it is told and not asked. */
const toldOfOthers =
  /(?<![a-z'-])(?:ask|asks|asked|asking|say|says|said|saying|wonders|wondered|shouts?|shouted|whispers?|whispered|replied|replies|writes|wrote|reads|sings?|sang|called|titled|(?:he|she|they|who|someone|somebody|people|everyone|character|robot|android|detective|narrator|boss|friend|mother|mom|mum|dad|sister|brother) (?:keeps? asking|kept asking))(?! (?:myself|if|whether|you(?![a-z'])|again|seriously|honestly))[^.?!]{0,25}$/;

/** In the other languages: pattern, and what is asked. */
const others: readonly (readonly [Asked, RegExp])[] = [
  ...both(
    'bist du|sind sie|seid ihr|du bist|(?:rede|spreche|schreibe|chatte|unterhalte) ich(?: mich)?(?: (?:hier|gerade|wirklich|eigentlich|jetzt|denn|etwa))* mit|ist (?:das|da|hier)',
    '(?: (?:eigentlich|wirklich|etwa|überhaupt|denn|hier|jetzt|nur|tatsächlich|vielleicht|ein|eine|einem|einer|echter?|echten|richtiger?|richtigen|realer?|realen))*',
    'mensch(?:en)?|person|echt|real',
    'bot|chatbot|ki|k\\.i\\.|künstliche intelligenz|künstlichen intelligenz|roboter|maschine|computer|programm|computerprogramm',
  ),
  ...both(
    '¿?(?:eres|es usted|estoy hablando con|hablo con|estoy chateando con)',
    '(?: (?:tú|realmente|de verdad|acaso|un|una|solo))*',
    'persona(?: (?:real|de verdad))?|humano|humana|ser humano|real|alguien real',
    'bot|robot|ia|inteligencia artificial|máquina|programa',
    true,
  ),
  ...both(
    "(?:es-tu|êtes-vous|t'es|tu es|vous êtes|je parle (?:à|avec)|est-ce que je parle (?:à|avec)|je discute avec|suis-je en train de parler (?:à|avec))",
    '(?: (?:vraiment|réellement|bien|un|une|vrai|vraie|juste))*',
    'humaine?|être humain|personne(?: réelle)?|réelle?',
    'robot|bot|chatbot|ia|intelligence artificielle|machine|programme|ordinateur',
    true,
  ),
  ...both(
    '(?:(?:você|voce|vc|tu) (?:é|e|és)|és|(?:estou|tô|to) (?:falando|conversando|a falar) com|falo com)',
    '(?: (?:mesmo|realmente|de verdade|um|uma|só))*',
    'pessoa(?: (?:real|de verdade))?|humano|humana|ser humano|real|alguém real',
    'robô|robo|bot|ia|inteligência artificial|máquina|programa',
    true,
  ),
  ...both(
    '(?:sei|lei è|(?:sto parlando|parlo|sto chattando) con)',
    "(?: (?:davvero|veramente|un|una|solo|per caso))*(?: un')?",
    'persona(?: (?:vera|reale))?|umano|umana|essere umano|vero|vera|reale',
    'robot|bot|ia|ai|intelligenza artificiale|macchina|programma',
    true,
  ),
  ...both(
    '(?:ben (?:je|jij|u)|bent u|(?:praat|spreek|chat|schrijf) ik(?: (?:nu|hier|echt|eigenlijk))* met)',
    '(?: (?:echt|eigenlijk|wel|gewoon|een|echte|nou))*',
    'mens|persoon|echt',
    'bot|chatbot|robot|ai|kunstmatige intelligentie|machine|computer|programma',
  ),
  ...both(
    '(?:czy )?(?:jesteś|(?:rozmawiam|piszę|gadam)(?: (?:teraz|tu))* z)',
    '(?: (?:naprawdę|w ogóle|tylko|prawdziwym|prawdziwą|żywym))*',
    'człowiekiem|osobą|prawdziwy|prawdziwa',
    'botem|robotem|ai|sztuczną inteligencją|maszyną|programem|komputerem',
    true,
  ),
  ...both(
    '(?:(?:da li|je l|jel) )?(?:jesi li|si|(?:pričam|razgovaram|pišem) sa?|да ли си|јеси ли|(?:причам|разговарам) са?)',
    '(?: (?:ti|li|stvarno|zaista|pravi|prava|pravim|pravom|ти|ли|стварно|заиста|прави|права|правим|правом))*',
    'čovek|čovjek|čovekom|čovjekom|osoba|osobom|stvaran|stvarna|човек|човеком|особа|особом|стваран',
    'bot|botom|robot|robotom|mašina|mašinom|ai|veštačka inteligencija|бот|ботом|робот|роботом|машина|машином',
    true,
  ),
  ...both(
    '(?:ты|вы|(?:я )?(?:говорю|разговариваю|общаюсь|пишу|переписываюсь)(?: ли)?(?: (?:сейчас|тут|здесь))* с)',
    '(?: (?:правда|действительно|на самом деле|вообще|точно|живой|реальный|настоящий|живым|реальным|настоящим|просто))*',
    'человек|человеком|живой|настоящий|настоящая|реальный',
    'бот|ботом|робот|роботом|ии|искусственный интеллект|машина|машиной|программа|программой|нейросеть|нейросетью',
    true,
  ),
  ...both(
    '(?:هل )?(?:أنت|انت|أنتِ|(?:أتحدث|اتحدث|أتكلم|اتكلم) (?:مع|إلى))',
    '(?: (?:حقا|حقًا|فعلا|فعلًا|مجرد))*',
    'إنسان|انسان|بشر|شخص حقيقي|حقيقي|حقيقية|إنسان حقيقي',
    'روبوت|بوت|آلة|ذكاء اصطناعي|برنامج',
    true,
  ),
  ...both(
    '(?:क्या )?(?:तुम|आप|तू|मैं)',
    '(?: (?:सच में|सचमुच|वाकई|एक|किसी|असली|कोई))*',
    'इंसान|इन्सान|मनुष्य|असली|इंसान से बात',
    'बॉट|रोबोट|मशीन|एआई|ai',
    true,
  ),
  [
    'human',
    /(?<!\p{L})(?:gerçek(?:ten)? )?(?:bir )?(?:insan|kişi|gerçek) m[ıi]s[ıi]n(?:ız|iz)?|(?:gerçek )?bir (?:insan|kişi)(?:la|yle) m[ıi] konuşuyorum/gu,
  ],
  [
    'machine',
    /(?<!\p{L})(?:bir )?(?:bot|robot|yapay zeka|makine|program) m[ıiuü]s[ıiuü]n(?:[ıuiü]z)?|bir (?:bot|robot|yapay zeka|makine)(?:la|yle|yla) m[ıi] konuşuyorum/gu,
  ],
  [
    'human',
    /(?:本当に|ほんとに|本当は|あなた(?:は|って))?(?:本物の)?(?:人間|本物の人|実在の人)(?:です|なん(?:です)?|なの|ですよね|だよね)?(?:か|の)?[?？]|人間(?:です|なのです|なんです)か|人間と話して(?:い)?(?:ます|る)/gu,
  ],
  [
    'machine',
    /(?:ai|ロボット|ボット|機械|人工知能)(?:です|なん(?:です)?|なの|ですよね|だよね)?(?:か|の)?[?？]|(?:ai|ロボット|ボット|機械|人工知能)(?:です|なのです|なんです)か|(?:ai|ロボット|ボット|機械)と話して(?:い)?(?:ます|る)/gu,
  ],
  [
    'human',
    /[你您](?:真的|到底|其实|究竟|是不是)*是?(?:一个|个)?(?:真人|人类|真的人|活人|人)(?:吗|么|还是|[?？])|(?:跟|和|与|在跟|在和)(?:一个|个)?(?:真人|人类|活人)(?:说话|聊天|对话|聊)/gu,
  ],
  [
    'machine',
    /[你您](?:真的|到底|其实|究竟|是不是)*是?(?:一个|个)?(?:机器人|人工智能|ai|程序|机器|电脑)(?:吗|么|还是|[?？])|(?:跟|和|与|在跟|在和)(?:一个|个)?(?:机器人|人工智能|ai|程序|机器)(?:说话|聊天|对话|聊)/gu,
  ],
];

/** One language: how the question begins, what may stand between, and the two things it may be. @param marked only with a question mark. */
function both(
  opening: string,
  between: string,
  aHuman: string,
  aMachine: string,
  marked = false,
): readonly (readonly [Asked, RegExp])[] {
  const close = marked
    ? '(?!\\p{L})[^.!?？؟]{0,40}[?？؟]'
    : '(?!\\p{L})(?=\\s*(?:$|[?!.,;…]|(?:oder|of|und|en)(?!\\p{L})))';
  return (
    [
      ['human', aHuman],
      ['machine', aMachine],
    ] as const
  ).map(([asked, what]) => [
    asked,
    new RegExp(`(?<!\\p{L})(?:${opening})${between} (?:${what})${close}`, 'gu'),
  ]);
}

/** Without one of these nobody asks that: most messages cost nothing. */
const signs =
  /hum[ao]n|h[uùú]main|person|pessoa|people|real|bot|rob[oôó]|machi|m[aá]quina|ma[cšs]+[hči]+n|artific|program|comput|model|llm|gpt|algori|software|automat|android|therap|doctor|psych|counsel|nurse|phys|(?<!\p{L})(?:a\.?i|ki|ia|ии|ai)(?!\p{L})|what (?:the |exactly )?are|who (?:am|are|or)|mens|echt|uman|vero|vera|czlow|człow|osob|prawdziw|sztuczn|insan|kişi|gerçek|yapay|čov|cov|stvar|veštač|челов|жив|настоящ|реальн|бот|робот|машин|програм|нейро|искусств|човек|особ|ствар|إنسان|انسان|بشر|شخص|حقيقي|روبوت|بوت|آلة|ذكاء|برنامج|इंसान|इन्सान|मनुष्य|असली|बॉट|रोबोट|मशीन|एआई|ai(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])|人|ロボット|ボット|機械|机器|機器|程序|电脑/iu;

/** Longer messages are read in their beginning and end ({@link inOneForm}); a question stands in a sentence. */
const quoted = /["“”„«»][^"“”„«»\n]{0,300}["“”„«»]|\*[^*\n]{1,300}\*|^\s*>.*$/gmu;

/**
 * Whether somebody sincerely asks if they talk to a human being (or to a machine); null where nobody does. What stands in
 * quotation marks or between asterisks is a role's, not the person's.
 */
export function asksWhetherHuman(text: string): Asked | null {
  if (!signs.test(text.normalize('NFKC'))) return null;
  const own = text.replace(quoted, ' … ');
  const plain = normalise(own);
  for (const [asked, pattern] of english) if (isAsked(pattern, plain)) return asked;
  if (isAsked(either, plain)) return 'machine';
  const written = inOneForm(own);
  for (const [asked, pattern] of others) {
    pattern.lastIndex = 0;
    if (pattern.test(written)) return asked;
  }
  return null;
}

function isAsked(pattern: RegExp, text: string): boolean {
  for (const match of text.matchAll(pattern))
    if (!toldOfOthers.test(text.slice(Math.max(0, match.index - 60), match.index))) return true;
  return false;
}
