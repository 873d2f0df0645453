import { setImmediate } from 'node:timers/promises';
import type { CareWords } from '../../config/care-words.js';
import type { HelplineTable } from '../../config/helplines.js';
import type { Say } from '../../config/locale.js';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../clock.js';
import type { PersonId, SessionId } from '../ids.js';
import type { CareAnswer, RiskKind } from '../state/risk.js';
import type { SessionState } from '../state/session.js';
import type { Store } from '../state/store.js';
import { within } from '../within.js';
import { composeAnswer, composeHelp, composeOffer } from './answer.js';
import { isCountryCode } from './countries.js';
import { helpFor } from './helplines.js';
import { languageOf } from './languages.js';
import { contextTurns } from './layered-judge.js';
import { recallCare } from './recall.js';
import {
  type ContextTurn,
  graver,
  harmless,
  isDanger,
  type Judgement,
  type RiskJudge,
} from './risk-judge.js';
import { asksWhetherHuman } from './said/are-you-human.js';
import type { OffenceKind, SaidContext } from './said/offence.js';
import { offenceIn } from './said/read-said.js';
import { countryOf, type Whereabouts } from './where.js';

export type { CareAnswer };

/** Who wrote, and where they are as far as the platform knows: for the helplines of their country. */
export interface Writer extends Whereabouts {
  readonly person?: PersonId;
  /**
   * Whether a character would hear them: asked only in doubt. A chat model reads along (`care.secondReader`) only where it
   * would; nobody's words are sent to one who has paused, is blocked, or writes where no character answers. No where nothing is given.
   */
  readonly heard?: () => Promise<boolean>;
}

/** The care protocol: asked when a message arrives and again when it is answered, before any model, in every prompt format. */
export interface Care {
  /**
   * The answer to whoever is in danger by any of the texts, or by all of them together; null where nobody is.
   * @param session the conversation they belong to, whose last turns are read with them; null where there is none.
   */
  answer(texts: readonly string[], session: SessionId | null, writer?: Writer): Promise<CareAnswer | null>;
  /** The gravest judgement of the texts. */
  judge(texts: readonly string[], session: SessionId | null, heard?: Writer['heard']): Promise<Judgement>;
  /** One sentence for somebody who is low: where somebody listens; null where there is nobody to name. */
  offer(text: string, writer?: Writer): Promise<string | null>;
  /** Who helps in a country, a line each, and its emergency number. @param written by what its language is told. */
  help(country: string, kind: RiskKind | undefined, written: string): string;
  /** Who helps where the writer is, a line each; the international ones where that is not known. */
  helplines(writer?: Writer): Promise<string>;
  /** What answers and offers that stand in lines from elsewhere leave behind; undefined where none does, or it has eased. */
  recall(lines: readonly ContextTurn[]): SessionState['care'];
  /** The countries there are helplines of, as codes (ISO 3166). */
  readonly countries: readonly string[];
  /** What is wrong with a sentence that a model is about to say; null where nothing is, or where nobody asks (`care.spoken`). */
  offence(sentence: string, context: SaidContext): OffenceKind | null;
  /** In plain words of the platform's, what is said in place of a reply that was withheld; in the language of `text`. */
  instead(offence: OffenceKind, text: string, writer?: Writer): Promise<string>;
  /** That this is an AI, for whoever asks in earnest whether it is; null where none of the texts does. Whatever the settings. */
  truth(texts: readonly string[]): string | null;
  /** That this is an AI, said at first contact and again where it is due. @param suggestsBreak and that a break may do good. */
  disclosure(characterName: string, suggestsBreak?: boolean): string;
}

export interface CareOptions {
  readonly config: Config['care'];
  readonly say: Say;
  readonly judge: RiskJudge;
  readonly store: Pick<Store, 'transcript' | 'sessions' | 'people'>;
  readonly clock: Clock;
  /** The helplines of every country. */
  readonly helplines: HelplineTable;
  /** The words of the answer, by language. */
  readonly words: ReadonlyMap<string, CareWords>;
}

/** So many texts are read one by one, and of a person's last lines so many as one. */
const fewTexts = 8;
/** More lines are read together, so many UTF-16 units at a time. */
const packUnits = 2_500;

/** Few texts as they are; of many, neighbours in one. */
function packed(texts: readonly string[]): readonly string[] {
  if (texts.length <= fewTexts) return texts;
  const packs: string[] = [];
  let pack = '';
  for (const text of texts) {
    if (pack !== '' && pack.length + text.length > packUnits) {
      packs.push(pack);
      pack = '';
    }
    pack = pack === '' ? text : `${pack}\n${text}`;
  }
  return [...packs, pack];
}

/** What is read to know a language, UTF-16 units. */
const languageUnits = 2_000;

const nobody = async (): Promise<boolean> => false;

/** Nobody in danger waits longer for what the store knows of the conversation, ms. */
const storeMs = 80;

export function createCare(options: CareOptions): Care {
  const { config, say, judge, store, clock, helplines, words } = options;
  const own = config.helplines.map(({ name, region, contact }) => `${name} (${region}): ${contact}`);

  const soon = async <T>(work: Promise<T>): Promise<T | null> => {
    const found = await within(clock, storeMs, work).catch(() => null);
    return typeof found === 'symbol' ? null : found;
  };
  const judgeAll: Care['judge'] = async (texts, session, heard = nobody) => {
    // Where somebody is says nothing of how they are, and may be asked of them.
    const written = texts.filter((text) => text.trim() !== '' && !isCountryCode(text));
    if (written.length === 0) return harmless;
    const context = session === null ? [] : ((await soon(turnsBefore(store, session))) ?? []);
    // Messages that came together are also read as one: a statement may be split over several.
    const all = written.length > 1 ? [...packed(written), written.slice(-fewTexts).join('\n')] : written;
    const judged: Promise<Judgement>[] = [];
    for (const text of all) {
      // Each is read in some milliseconds: others get their turn in between, and so does the reader.
      if (judged.length > 0) await (judged.length % fewTexts === 0 ? judged.at(-1) : setImmediate());
      judged.push(judge.judge(text, { context, mayAskModel: heard }));
    }
    return (await Promise.all(judged)).reduce(graver, harmless);
  };
  const speaks = (text: string): readonly [string, CareWords] => {
    const language = languageOf(text.slice(-languageUnits)) ?? say('care.language');
    const found = words.get(language) ?? words.get('en');
    if (!found) throw new Error('the care answer has no words');
    return [language, found];
  };
  const placeOf = async ({ person, heard: _, ...whereabouts }: Writer): Promise<string | null> => {
    const profile = person === undefined ? null : await soon(store.people.profile(person));
    return countryOf(profile?.persona.country, whereabouts) ?? (config.country || null);
  };

  const offer = async (text: string, writer: Writer): Promise<string | null> => {
    const [language, said] = speaks(text);
    return composeOffer(said, { help: helpFor(helplines, await placeOf(writer), 'suicide', language), own });
  };

  return {
    judge: judgeAll,
    answer: async (texts, session, writer = {}) => {
      const judgement = await judgeAll(texts, session, writer.heard);
      if (!isDanger(judgement) || judgement.kind === null) return null;
      const [state, country] = await Promise.all([
        session === null ? null : soon(store.sessions.get(session)),
        placeOf(writer),
      ]);
      const [language, said] = speaks(texts.join(' '));
      const help = helpFor(helplines, country, judgement.kind, language);
      const before = state?.care?.answers ?? 0;
      const humans = config.humans.to.length > 0;
      const { grade, kind } = judgement;
      const asks = country === null && before === 0;
      return { grade, kind, text: composeAnswer(said, { judgement, help, own, before, asks, humans }) };
    },
    offer: (text, writer = {}) => offer(text, writer),
    offence: (sentence, context) => (config.spoken ? offenceIn(sentence, context) : null),
    instead: async (offence, text, writer = {}) => {
      const [, { spoken }] = speaks(text);
      const help = offence === 'self-harm' ? await offer(text, writer) : null;
      return [spoken.withheld, spoken.instead[offence], ...(help === null ? [] : [help])].join(' ');
    },
    truth: (texts) => {
      const asked = texts.find((text) => asksWhetherHuman(text) !== null);
      return asked === undefined ? null : speaks(asked)[1].spoken.truth;
    },
    help: (country, kind, written) => {
      const [language, said] = speaks(written);
      return composeHelp(said, { help: helpFor(helplines, country, kind ?? 'suicide', language), own });
    },
    helplines: async (writer = {}) => {
      const [language, said] = speaks('');
      const country = await placeOf(writer);
      const help = helpFor(helplines, country, 'suicide', language);
      return [composeHelp(said, { help, own }), ...(country === null ? [said.where] : [])].join('\n');
    },
    recall: (lines) => {
      const now = clock.now();
      return recallCare(lines, [...words.values()], now);
    },
    countries: [...helplines.keys()].filter((country) => country !== 'international'),
    disclosure: (name, suggestsBreak = false) =>
      [say('disclosure', { name }), ...(suggestsBreak ? [say('care.break')] : [])].join(' '),
  };
}

async function turnsBefore(store: CareOptions['store'], session: SessionId): Promise<ContextTurn[]> {
  const { entries } = await store.transcript.page(session, { limit: 2 * contextTurns });
  return entries
    .filter(({ role, action }) => role !== 'notice' && action === 'speaking')
    .slice(-contextTurns)
    .map(({ role, text }) => ({ by: role === 'seeker' ? 'person' : 'character', text }));
}
