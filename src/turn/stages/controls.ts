import { RapportError } from '../../../config/errors.js';
import type { SteeringTable } from '../../../config/steering.js';
import { isDanger } from '../../care/risk-judge.js';
import { safetyText } from '../../care/safety.js';
import { stateAge } from '../../care/state-age.js';
import { stateCountry } from '../../care/state-country.js';
import { parseControlCode } from '../../guidance/control-code.js';
import { applyControl, noticeOf, setsGoal } from '../../guidance/steer.js';
import { noSteering, type SteeringState } from '../../guidance/steering-state.js';
import { codeNames, unknownCode } from '../../guidance/unknown-code.js';
import { askedToRemember } from '../../memory/asks-to-remember.js';
import { applyOffer, withChange } from '../../session/open-session.js';
import type { CareAnswer } from '../../state/risk.js';
import type { InboundMessage, SessionState } from '../../state/session.js';
import type { Lease } from '../../state/store.js';
import { waitingNotice } from '../remembering.js';
import type { SpokenLine, TurnStart } from '../turn.js';
import type { TurnServices } from '../turn-services.js';
import { memoryControl, remember } from './memory-codes.js';
import type { Stage } from './stage.js';

type SessionChange = Partial<Pick<SessionState, 'characterId' | 'matchReasons' | 'title'>> & {
  readonly offeredCharacterId?: string | null;
};

/** What the control codes of a turn's messages did. */
export interface Controls {
  /** What is left to answer; empty when everything was a control code. */
  readonly lines: readonly SpokenLine[];
  readonly notices: readonly string[];
  readonly steering: SteeringState;
  /** The session, with the character that was offered where `!switch` took it; null where there is none yet. */
  readonly session: SessionState | null;
}

/** `!topic` has words of its own. */
const memoryCode = new RegExp(
  `^\\s*!(${codeNames.filter((name) => name !== 'topic').join('|')})\\b[ \\t]*([\\s\\S]*)$`,
  'i',
);

/** Asks for a human being: on a line of its own, also in the middle of a cry for help. */
const humanCode = /^[ \t]*!human\b[ \t]*(.*)$/im;

/** Whether a message does nothing but ask for a human being: no limit keeps it. */
export function asksForHuman(text: string): boolean {
  return /^\s*!human\b/i.test(text);
}

/** A message without its control code: what there is to answer, or nothing. */
export function withoutControls(text: string, table: SteeringTable): string {
  const control = parseControlCode(text, table);
  return control ? control.rest : memoryCode.test(text) || unknownCode(text) ? '' : text;
}

/**
 * What the control codes of the messages do, and what is left to answer. Where somebody is in danger they are words like any
 * others, but for the one that asks for a human being.
 */
export const controls: Stage<'controls'> = {
  name: 'controls',
  phase: 'hear',
  run: async (draft, services) => {
    const { asked } = draft.start;
    const { answer, gentle } = draft.of('care');
    const inDanger = answer !== null;
    const read = answer
      ? await onlyHuman(draft.start, answer, services)
      : await readControls(draft.start, services, gentle);
    const count = read.notices.length;
    const plain = (text: string): string => (inDanger ? text : withoutControls(text, services.steering));
    const lines = (asked ?? []).map(({ speakerName, text }) => ({ speakerName, text: plain(text).trim() }));
    return [
      asked ? { ...read, lines: lines.filter(({ text }) => text !== '') } : read,
      count > 0 ? { codes: count } : null,
    ];
  },
};

async function onlyHuman(start: TurnStart, danger: CareAnswer, services: TurnServices): Promise<Controls> {
  const { messages, session, asked, lease } = start;
  const asking = asked || !lease ? undefined : messages.find(({ text }) => humanCode.test(text));
  const note = humanCode.exec(asking?.text ?? '')?.[1] ?? '';
  return {
    session,
    lines: messages.map(({ speakerName, text }) => ({ speakerName, text: text.trim() })),
    notices: asking ? [await human(note, asking, danger, services)] : [],
    steering: session?.steering ?? noSteering,
  };
}

/**
 * Reads and applies the control codes in the messages of a turn (`!topic`, `!remember`, `!facts`, `!forget`, `!pin`, `!unpin`, `!memory`, `!keep`, `!drop`, `!switch`, `!country`, `!age`, `!safety`, `!human`, `!help`).
 * Without a lease only the session changes: what was stored before a crash is not stored again.
 * @param rests nothing leads for now.
 */
async function readControls(
  { messages, session, lease, transcript, profile }: TurnStart,
  services: TurnServices,
  rests: boolean,
): Promise<Controls> {
  const { say } = services;
  const lines: SpokenLine[] = [];
  const keep = ({ speakerName }: InboundMessage, text: string): void => {
    if (text.trim() !== '') lines.push({ speakerName, text: text.trim() });
  };
  const notices: string[] = [];
  let steering = session?.steering ?? noSteering;
  let change: SessionChange = {};
  for (const message of messages) {
    const control = parseControlCode(message.text, services.steering);
    if (control) {
      steering = applyControl(steering, control);
      const { key, values } = noticeOf(control, services.steering);
      const waits = rests && setsGoal(control) ? [say('steering.waits')] : [];
      notices.push([say(key, values), ...waits].join(' '));
      keep(message, control.rest);
      continue;
    }
    const [, name, argument = ''] = memoryCode.exec(message.text) ?? [];
    const unknown = name === undefined ? unknownCode(message.text) : null;
    if (unknown) {
      const key = unknown.suggestion === null ? 'session.unknownCode' : 'session.nearCode';
      notices.push(say(key, { typed: unknown.typed, suggestion: unknown.suggestion ?? '' }));
    } else if (name === undefined) {
      keep(message, message.text);
      const fact = message.shared || session?.ephemeral ? null : askedToRemember(message.text);
      if (fact !== null && lease) notices.push(await remember(fact, message, lease, services));
    } else if (name.toLowerCase() === 'switch') {
      const switched = session ? applyOffer(session, true, services.bank, say) : {};
      const taken = switched.characterId ? services.bank.get(switched.characterId) : undefined;
      if (switched.characterId && switched.matchReasons && switched.title)
        change = {
          characterId: switched.characterId,
          matchReasons: switched.matchReasons,
          title: switched.title,
          offeredCharacterId: null,
        };
      notices.push(taken ? say('match.switched', { name: taken.name }) : say('match.nothingOffered'));
    } else if (name.toLowerCase() === 'country') {
      if (lease) notices.push(await country(argument, message, { transcript, session, lease }, services));
    } else if (name.toLowerCase() === 'age') {
      if (lease) notices.push(await age(argument, message, lease, services));
    } else if (name.toLowerCase() === 'human') {
      if (lease) notices.push(await human(argument, message, session?.care, services));
    } else if (name.toLowerCase() === 'safety') {
      notices.push(
        await safetyText(
          services,
          message.shared ? {} : { person: message.personId, country: message.country },
        ),
      );
    } else if (lease)
      notices.push(await memoryControl(name.toLowerCase(), argument.trim(), message, lease, services));
  }
  const [{ personId, shared }] = messages;
  const { offered } = services.config.memory.automatic;
  const asks = offered && profile?.remembering?.mode === 'ask' && !shared && !session?.ephemeral && !rests;
  if (asks && lease && lines.length > 0) {
    const waiting = await waitingNotice(services, personId);
    if (waiting !== null) notices.push(waiting);
  }
  return { lines, notices, steering, session: session && withChange(session, change) };
}

/** Where somebody says they are. A person who is erased meanwhile takes the lease with them. */
async function country(
  typed: string,
  { personId, sessionId }: InboundMessage,
  { transcript, session, lease }: Pick<TurnStart, 'transcript' | 'session'> & { readonly lease: Lease },
  services: TurnServices,
): Promise<string> {
  if (!(await services.store.lease.renew(lease, services.config.state.leaseMs)))
    throw new RapportError('RAPPORT_E_LEASE_LOST', { id: sessionId });
  const written = transcript.filter((entry) => entry.personId === personId).slice(-3);
  return stateCountry(services, {
    person: personId,
    typed,
    kind: session?.care?.kind,
    written: written.map(({ text }) => text).join(' '),
  });
}

/** Has people of the operator's told that somebody asks for a human being. */
async function human(
  note: string,
  { personId, sessionId, speakerName, address }: InboundMessage,
  alarm: SessionState['care'] | CareAnswer,
  { humans, say }: TurnServices,
): Promise<string> {
  if (!humans) return say('care.human.nobody');
  const about = alarm && isDanger(alarm) ? alarm.kind : undefined;
  return humans.ask({ person: personId, session: sessionId, address, name: speakerName, note, about });
}

/** How old somebody is. Others read along in a shared session: there it is only noted, not told. */
async function age(
  typed: string,
  { personId, sessionId, shared }: InboundMessage,
  lease: Lease,
  services: TurnServices,
): Promise<string> {
  if (shared && typed.trim() === '') return services.say('memory.notHere');
  if (!(await services.store.lease.renew(lease, services.config.state.leaseMs)))
    throw new RapportError('RAPPORT_E_LEASE_LOST', { id: sessionId });
  return stateAge(services, personId, typed);
}
