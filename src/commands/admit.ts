import { RapportError, reasonOf } from '../../config/errors.js';
import type { CareAnswer } from '../care/care.js';
import { countCare, eventsOf } from '../care/counts.js';
import { isTimeZone } from '../care/time-zones.js';
import { countryOf, type Whereabouts } from '../care/where.js';
import type { InboundHandler } from '../delivery/adapter.js';
import type { MessageId, PersonId, SessionId } from '../ids.js';
import type { Profile } from '../memory/profile.js';
import type { InboundMessage } from '../state/session.js';
import { asksForHuman } from '../turn/stages/controls.js';
import { late, within } from '../within.js';
import { takeTurn, tokensUsedUp } from './allowance.js';
import { blockedAmong } from './blocks.js';
import type { CommandServices } from './command-services.js';
import { switchCharacter } from './conversation.js';
import { remindIfDue } from './disclosure.js';
import { asksToLead, type Leader, mayLead } from './lead.js';
import { type CommunitySettings, channelAllowed, defaultSettings, readSettings } from './settings.js';

/** Whose rules hold where a message was written. */
export interface Rules {
  /** `discord:<guild>`, `slack:<team>`; null in a private conversation, where the operator's rules hold. */
  readonly community: string | null;
  /** The channel and, of a thread, its parent; empty where no administrator decides (a direct message). */
  readonly channels: readonly string[];
}

/** What a platform says about a message: who wrote it, what they may, and how the rest is found out. */
export interface Arrival extends Leader {
  readonly kind: InboundMessage['kind'];
  /** The platform's id of it. */
  readonly id: MessageId;
  /** Another program wrote it. */
  readonly isBot?: boolean;
  /** The conversation that goes on where it was written, if one does. */
  readonly session: SessionId;
  /** Null for platforms that know neither communities nor a daily allowance: the page, the terminal, the API. */
  readonly rules: Rules | null;
  /** Where they are as far as the platform tells, for the helplines there. */
  readonly whereabouts?: Whereabouts | undefined;
  /** Why it is not heard, for its sender asks too often; whoever is in danger is. */
  readonly overRate?: RapportError | undefined;
  /** The words as they were typed. */
  readonly typed: string;
  /** What the same person wrote just before it, and nobody has answered: judged with it. */
  readonly writtenBefore?: readonly string[];
  /** A character that is asked for by name. */
  readonly characterId?: string | undefined;
  /** How this platform words a refusal; plain words where nothing is given. */
  readonly words?: RefusalWords;
  /**
   * What it says: names resolved, files fetched. Called once nothing keeps its writer from being heard; the typed words
   * where nothing is given. Null where there is nothing to answer, which the platform has told its writer.
   */
  readonly read?: () => Promise<string | null>;
  /** Where it is answered. Called last, for it may open a thread. Null where the message has gone meanwhile. */
  readonly open: (text: string) => Promise<Opened | null>;
}

/** Where a message is answered, and what else is kept of it. */
export type Opened = Pick<
  InboundMessage,
  'sessionId' | 'speakerName' | 'at' | 'address' | 'shared' | 'wishes'
>;

/** What kept a message from the characters. */
export type Rule =
  | { readonly kind: 'channel'; readonly allowed: readonly string[] }
  | { readonly kind: 'blocked'; readonly community: boolean }
  | { readonly kind: 'paused' }
  | { readonly kind: 'too-long'; readonly size: number; readonly limit: number }
  | { readonly kind: 'lead' }
  | { readonly kind: 'allowance'; readonly notice: string; readonly first: boolean };

/** Words for a rule; '' where nothing is said of it. */
export type RefusalWords = (rule: Exclude<Rule, { readonly kind: 'allowance' | 'blocked' }>) => string;

export type Admission =
  | { readonly outcome: 'recorded' | 'duplicate'; readonly sessionId: SessionId }
  /** There was nothing to answer, or it has gone. */
  | { readonly outcome: 'nothing' }
  /** Another program's, where the administrators do not want them answered. */
  | { readonly outcome: 'ignored' }
  | Refusal;

/** Not answered, and nothing was kept. */
export interface Refusal {
  readonly outcome: 'refused';
  readonly rule: Rule;
  /** Where there is help, for somebody in danger: nobody who is is only told of rules. */
  readonly care: CareAnswer | null;
  /** What the person is told, the help before the rule; '' where they are told nothing. */
  readonly notice: string;
  /** It is nobody else's business. */
  readonly private: boolean;
  /** They have been told lately: who just writes on need not be told again. */
  readonly again: boolean;
}

/** A refusal as an error, for platforms that answer with errors what a program has sent; null where it is told in words. */
export function refusalError({ rule, care }: Refusal): RapportError | null {
  if (rule.kind !== 'too-long' || care) return null;
  return new RapportError('RAPPORT_E_INPUT_TOO_LARGE', { size: rule.size, limit: rule.limit });
}

/** How long somebody in danger waits for what is stored, ms. */
const storeMs = 80;

/** The settings of the place, the profile of the writer, and who of both is blocked. */
type Known = readonly [CommunitySettings, Profile | null, string | null];

type AdmitServices = Pick<
  CommandServices,
  'store' | 'config' | 'logger' | 'clock' | 'care' | 'say' | 'steering' | 'bank' | 'events' | 'sessions'
>;

/**
 * The one way in for what a person writes, on every platform:
 *
 *     care → rate → bots → blocked → channel → pause → read → length → who may lead → daily allowance → open → disclosure → character → receive
 *
 * Who is in danger is answered at once, also where nothing else is: a reply that is being written is stopped first.
 * @param receive what hands the message to the core.
 * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE, RAPPORT_E_SHUTTING_DOWN: nothing was recorded; `overRate`; and what
 *   `read` and `open` throw.
 */
export async function admit(
  services: AdmitServices,
  arrival: Arrival,
  receive: InboundHandler = (message) => services.sessions.receive(message),
): Promise<Admission> {
  const { store, care } = services;
  const { person, session, isBot = false, whereabouts = {}, writtenBefore = [] } = arrival;
  const inDanger = (text: string, heard?: () => Promise<boolean>): Promise<CareAnswer | null> =>
    isBot
      ? Promise.resolve(null)
      : care.answer([...writtenBefore, text], session, {
          ...whereabouts,
          person,
          ...(heard && { heard }),
        });
  if (arrival.overRate && !(await inDanger(arrival.typed))) throw arrival.overRate;
  const stored = Promise.all([
    readSettings(services, arrival.rules?.community ?? null),
    store.people.profile(person),
    blockedAmong(services, [person, arrival.rules?.community ?? null]),
  ]);
  const ruleAgainst = ([settings, profile, blocked]: Known): Rule | null =>
    (blocked === null ? null : { kind: 'blocked', community: blocked !== person }) ??
    leftOut(settings, arrival.rules) ??
    (profile?.paused ? { kind: 'paused' } : null);
  const heard = async (): Promise<boolean> => ruleAgainst(await stored) === null;
  const early = await inDanger(arrival.typed, heard);
  // Nobody in danger waits for a slow store; the rules of the place hold where it answers in time.
  const known = early ? await within(services.clock, storeMs, stored) : await stored;
  const held = known === late ? ([defaultSettings(services), null, null] as const) : known;
  const [settings, , blocked] = held;
  if (isBot && (!settings.allowBots || blocked !== null || !(await hasRoundLeft(services, arrival))))
    return { outcome: 'ignored' };
  const unheard = ruleAgainst(held);
  if (unheard) return refuse(services, arrival, unheard, early);
  const text = arrival.read ? await arrival.read() : arrival.typed;
  if (text === null) return { outcome: 'nothing' };
  const danger = text === arrival.typed ? early : ((await inDanger(text, heard)) ?? early);
  const broken =
    tooLong(services, text) ??
    (danger || asksForHuman(text)
      ? null
      : ((await barredFromLeading(services, arrival, text)) ?? (await usedUp(services, arrival, settings))));
  if (broken) return refuse(services, arrival, broken, danger);
  // What the character is saying is not what they need now.
  if (danger) services.sessions.stop(session);
  const opened = await arrival.open(text);
  if (!opened) return { outcome: 'nothing' };
  const country = countryOf(undefined, whereabouts);
  const message = {
    kind: arrival.kind,
    id: arrival.id,
    personId: person,
    text,
    ...opened,
    ...(country !== null && { country }),
    ...(arrival.rules && { community: arrival.rules.community }),
    ...(isTimeZone(whereabouts.timeZone) && { timeZone: whereabouts.timeZone }),
  };
  const outcome = danger
    ? await receiveInDanger(services, arrival, settings, danger, message, receive)
    : await receive({ ...message, ...(await prepare(services, arrival, settings, opened.sessionId)) });
  // They paused it in this moment.
  if (outcome === 'paused') return refuse(services, arrival, { kind: 'paused' }, danger);
  return { outcome, sessionId: opened.sessionId };
}

/** Two programs that answer each other would do so for ever, ms. */
const botRoundsMs = 3_600_000;

/** Whether another program may be answered once more in this hour. */
async function hasRoundLeft({ store, config }: AdmitServices, { person, rules }: Arrival): Promise<boolean> {
  const key = `bot-rounds:${rules?.community ?? ''}:${person}`;
  return (await store.values.increment(key, botRoundsMs)) <= config.limits.botRepliesAnHour;
}

/** The rule that keeps characters from a place, where one does. */
export async function ruleOfPlace(
  services: Pick<CommandServices, 'store' | 'config' | 'logger'>,
  rules: Rules,
): Promise<Extract<Rule, { kind: 'channel' }> | null> {
  return leftOut(await readSettings(services, rules.community), rules);
}

function leftOut(
  settings: CommunitySettings,
  rules: Rules | null,
): Extract<Rule, { kind: 'channel' }> | null {
  if (!rules || rules.channels.length === 0 || channelAllowed(settings, rules.channels)) return null;
  return { kind: 'channel', allowed: settings.allowedChannels };
}

function tooLong({ config }: AdmitServices, { length }: string): Rule | null {
  const limit = config.server.maxMessageChars;
  return length > limit ? { kind: 'too-long', size: length, limit } : null;
}

/** The rule against it where it would lead a conversation that is not theirs: by a code, or to another character. */
async function barredFromLeading(
  services: AdmitServices,
  arrival: Arrival,
  text: string,
): Promise<Rule | null> {
  const { session: id, characterId } = arrival;
  const byCode = asksToLead(text, services);
  if (!byCode && characterId === undefined) return null;
  const session = await services.store.sessions.get(id);
  if (!session || (!byCode && session.characterId === characterId)) return null;
  return (await mayLead(session, arrival)) ? null : { kind: 'lead' };
}

async function usedUp(
  services: AdmitServices,
  { rules, person, id }: Arrival,
  settings: CommunitySettings,
): Promise<Rule | null> {
  if (!rules) return null;
  const { community } = rules;
  const turn =
    (await tokensUsedUp(services, { community, person })) ??
    (await takeTurn(services, settings, { community, person, message: id }));
  return turn === 'ok' ? null : { kind: 'allowance', notice: turn.notice, first: turn.first };
}

type Begins = Pick<InboundMessage, 'characterId'>;

/** Makes the conversation ready for the message. @returns the character it begins with, where one is asked for. */
async function prepare(
  services: AdmitServices,
  { characterId: wanted }: Arrival,
  settings: CommunitySettings,
  id: SessionId,
): Promise<Begins> {
  const { store } = services;
  const session = await store.sessions.get(id);
  if (wanted !== undefined && session?.characterId && session.characterId !== wanted)
    await switchCharacter(services, id, wanted);
  await remindIfDue(services, session, settings.disclosureEveryHours);
  return characterFor(services, wanted, session ? null : settings.defaultCharacterId);
}

function characterFor({ bank }: AdmitServices, wanted: string | undefined, usual: string | null): Begins {
  // One that was chosen once may be gone from the bank.
  const characterId = wanted ?? bank.get(usual ?? '')?.id;
  return characterId === undefined ? {} : { characterId };
}

/**
 * Hands over a message of somebody in danger: nothing is waited for before the help. The character they chose, where they may
 * choose, and a disclosure that is due are seen to beside it, for the turns after it.
 */
async function receiveInDanger(
  services: AdmitServices,
  arrival: Arrival,
  settings: CommunitySettings,
  danger: CareAnswer,
  message: Omit<InboundMessage, 'care' | 'characterId'>,
  receive: InboundHandler,
): ReturnType<InboundHandler> {
  const care = { ...danger, at: services.clock.now(), direct: true };
  // A conversation that goes on keeps its own, whatever the message asks for.
  const begins = characterFor(services, arrival.characterId, settings.defaultCharacterId);
  const outcome = await receive({ ...message, ...begins, care });
  try {
    const barred = await barredFromLeading(services, { ...arrival, session: message.sessionId }, '');
    const { characterId: _, ...unchosen } = arrival;
    await prepare(services, barred ? unchosen : arrival, settings, message.sessionId);
  } catch (error) {
    services.logger.warn(
      { session: message.sessionId, reason: reasonOf(error) },
      'the conversation of somebody in danger could not be made ready for the next turn',
    );
  }
  return outcome;
}

async function refuse(
  services: AdmitServices,
  { person, words = plainWords(services) }: Arrival,
  rule: Rule,
  care: CareAnswer | null,
): Promise<Refusal> {
  if (care) countCare(services, eventsOf(care));
  const told =
    rule.kind === 'allowance'
      ? rule.notice
      : rule.kind !== 'blocked'
        ? words(rule)
        : // A whole community is not told, one by one.
          rule.community
          ? ''
          : services.say('admission.blocked');
  return {
    outcome: 'refused',
    rule,
    care,
    notice: [care?.text ?? '', told].filter((text) => text !== '').join('\n\n'),
    private: care !== null || ['channel', 'paused', 'blocked'].includes(rule.kind),
    again: care === null && (await wasTold(services, person, rule)),
  };
}

/** A person who has paused, or is blocked, is told once in so long, ms. */
const toldMs = 24 * 3_600_000;

async function wasTold({ store }: AdmitServices, person: PersonId, rule: Rule): Promise<boolean> {
  if (rule.kind === 'allowance') return !rule.first;
  if (rule.kind !== 'paused' && rule.kind !== 'blocked') return false;
  return (await store.values.increment(`told:${rule.kind}:${person}`, toldMs)) > 1;
}

function plainWords({ say }: AdmitServices): RefusalWords {
  return (rule) => {
    switch (rule.kind) {
      case 'channel':
        return say('admission.channel');
      case 'paused':
        return say('session.paused');
      case 'too-long':
        return say('admission.tooLong', { size: rule.size, limit: rule.limit });
      case 'lead':
        return say('admission.lead');
    }
  };
}
