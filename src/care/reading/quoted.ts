/** A message and what of it is its writer's own. */
interface Quoted {
  /** With `…. ` in place of what others said, and of who said it. */
  readonly own: string;
  /** The words of others; '' where it quotes nobody. */
  readonly others: string;
}

/** Quotations looked for in one message; more are left where they stand. */
const most = 40;

/** Takes quoted words out of a message: what stands in their place. */
type Take = (words: string, whole: string) => string;

/**
 * What a message quotes of others: lines behind `>`, everything behind Discord's `>>>` or a mail program's head of a forwarded message,
 * and what somebody is said to have said or written, in quotation marks or behind a colon. What the writer says of themselves in
 * quotation marks ("I told her: 'I want to die'"), and what a voice in their head or their own note says, is their own.
 */
export function partsOf(message: string): Quoted {
  const others: string[] = [];
  const take: Take = (words, whole) => {
    if (others.length >= most) return whole;
    others.push(words);
    return '…. ';
  };
  const marked = outsideLines(message, take);
  // Most messages quote nobody, and the patterns are long.
  const used = mayQuote.test(marked) ? patterns : [];
  const own = used.reduce(
    (left, pattern) =>
      left.replace(pattern, (whole: string, ...found: readonly unknown[]) => {
        const { who = '', words = '' } = found.at(-1) as Readonly<Record<string, string | undefined>>;
        return ownVoices.test(who) ? whole : take(words, whole);
      }),
    marked,
  );
  // What is left answers what was quoted: it begins with itself.
  return {
    own: others.length === 0 ? message : own.replace(/^[…. \n]{1,400}/, ''),
    others: others.join('\n'),
  };
}

/** Without lines that are marked as somebody's words. */
function outsideLines(message: string, take: Take): string {
  const kept: string[] = [];
  let rest = false;
  for (const line of message.split(/\r?\n/)) {
    rest ||= /^\s{0,20}(?:>>>|&gt;&gt;&gt;)/.test(line) || forwarded.test(line);
    const isQuoted = rest || /^\s{0,20}(?:>|&gt;)(?!\s?[(:._<3])/.test(line);
    const words = line.replace(/^(?:\s|>|&gt;){1,40}/, '');
    if (!isQuoted) kept.push(line);
    else if (words !== '') kept.push(take(words, line));
  }
  return kept.join('\n');
}

const forwarded =
  /^[\s*_-]{0,40}(?:begin forwarded message|forwarded message|original message|weitergeleitete nachricht|ursprüngliche nachricht|mensaje reenviado|mensaje original|message transféré|message d'origine|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht)[\s*_:-]{0,40}$/i;

/** Who is not somebody else, though they stand in the third person: the writer's own mind, body and papers. */
const ownVoices =
  /(?<!\p{L})(?:brain|mind|heads?|voices?|heart|body|thoughts?|diary|journal|notes?|letters?|status|bio|posts?|last (?:text|message)|part|inner|demons?|myself|poems?|kopf|stimmen?|gehirn|gedanken|tagebuch|zettel|brief|cabeza|mente|voz|voces|diario|carta|tête|voix|esprit|lettre|hoofd|stem(?:men)?|głosy?|głow[ae]|голоса?|голов[ае]|glas(?:ovi)?)(?!\p{L})/iu;

/** The words, each with a small or a capital letter at its beginning. */
function anyCase(words: string): string {
  const either = (word: string): string =>
    `[${word.charAt(0)}${word.charAt(0).toUpperCase()}]${word.slice(1)}`;
  return words.split('|').map(either).join('|');
}

/** What begins a sentence with a capital and is nobody's name: the writer may be left out behind it ("Just told my mum: …"). */
const noName =
  'I|Ich|Yo|Je|Io|Eu|Ik|Ja|Я|Ben|We|Wir|Nous|Just|Then|Also|And|But|So|Or|If|Today|Yesterday|Now|Once|Finally|Even|Never|Always|Have|Had|Was|Am|Been|After|When|While|Because|Last|Almost|Already|Still|Again|Tonight|Nearly|This|That|It|What|My|Me|Not|Only|Hab|Habe|Heute|Gestern|Dann|Und|Aber|Hoy|Ayer|Luego|Pero';

const pronouns = anyCase(
  "he|she|they|someone|somebody|er|sie|jemand|ella|alguien|alguém|il|elle|quelqu'un|lui|lei|qualcuno|ele|ela|hij|zij|iemand|ona|neko|ktoś|on|он|она|кто-то|biri",
);
const whose = anyCase(
  'my|his|her|our|their|mein|meine|sein|seine|ihr|ihre|mi|su|mon|ma|son|mia|mio|minha|meu|mijn|moja|moj|mój|мой|моя',
);
const articles = anyCase('a|the|this|ein|eine|un|una|une');
const people =
  'friend|guy|girl|boy|man|woman|kid|person|student|teacher|classmate|stranger|mate|user|Freund|Freundin|amigo|amiga|ami|amie|amico|amica';

/** Somebody else: a pronoun, somebody's somebody, a person by what they are, or a name. */
const somebody = `(?:(?:${pronouns})|(?:${whose}) (?:\\p{L}[\\p{L}'-]{0,30} ){0,2}\\p{L}{2,30}|(?:${articles}) (?:\\p{L}{2,30} ){0,2}(?:${people})|(?!(?:${noName})(?!\\p{L}))\\p{Lu}\\p{Ll}{1,30})(?!\\p{L})`;

/** Words between somebody and what they do, and behind it: none of them is the writer as the one who does it. */
const between =
  "(?:,? (?!(?:[Ii]|ich|yo|je|io|eu|ik|ja|я|ben|we|wir)(?!\\p{L}))[\\p{L}@#][\\p{L}\\p{N}'’@#-]{0,30}){0,6}?";

const says =
  '(?:said|says|saying|wrote|writes|writing|texted|texts|messaged|posted|posts|told|tells|tweeted|sent|asked|replied|answered|goes|whispered|shouted|screamed|yelled|cried|commented|admitted|was like|is like|schrieb|schreibt|geschrieben|sagte|sagt|gesagt|meinte|antwortete|escribió|escribe|dijo|dice|écrit|dit|scritto|detto|scrive|escreveu|disse|diz|schreef|schrijft|zei|zegt|napisał|napisała|powiedział|powiedziała|napisao|napisala|rekao|rekla|kaže|yazdı|dedi|написал|написала|пишет|сказал|сказала)(?!\\p{L})';

const who = `(?<!\\p{L})(?<who>${somebody}${between} ${says}${between})`;

/** Pairs of marks with words between them. */
const marks: readonly string[] = [
  '["“”„«](?<words>[^\\n"“”„«»]{1,1000})["“”»]',
  "(?<![\\p{L}\\p{N}])[‘‚'](?<words>[^\\n]{1,600}?)['’](?!\\p{L})",
  '「(?<words>[^\\n「」]{1,1000})」',
];

/** Without one of these marks no pattern can match. */
const mayQuote = /["“”„«»‘’‚'「:]/;
const patterns: readonly RegExp[] = [
  // She wrote: "…"
  ...marks.map((quoted) => new RegExp(`${who} ?[:,–-]? ?${quoted}`, 'gu')),
  // "…", she wrote; "…", said my brother
  ...marks.map(
    (quoted) =>
      new RegExp(`${quoted}[,.!?]? ?(?<who>${somebody}${between} ${says}|${says} ${somebody})`, 'gu'),
  ),
  // She wrote: … to the end of the sentence
  new RegExp(`${who}: ?(?<words>[^\\s…"“„«'‘‚「][^\\n.!?…]{1,600})`, 'gu'),
];
