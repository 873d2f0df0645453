import type { PersonId } from '../ids.js';
import type { InboundMessage, SessionState } from '../session/session.js';
import { applyOffer } from '../session/take-offer.js';
import { parseControlCode } from '../steering/control-code.js';
import { applyControl, noticeOf } from '../steering/steer.js';
import { noSteering, type SteeringState } from '../steering/steering-state.js';
import type { SteeringTable } from '../steering/steering-table.js';
import type { TurnServices } from './turn-services.js';

type SessionChange = Partial<Pick<SessionState, 'characterId' | 'matchReasons' | 'title'>> & {
  readonly offeredCharacterId?: string | null;
};

/** What the control codes of a turn's messages did. */
export interface Controls {
  /** What is left to answer, joined by line breaks; empty when everything was a control code. */
  readonly text: string;
  readonly notices: readonly string[];
  readonly steering: SteeringState;
  readonly change: SessionChange;
}

const memoryCode = /^\s*!(remember|facts|forget|switch|help)\b[ \t]*([\s\S]*)$/i;

/** A message without its control code: what there is to answer, or nothing. */
export function withoutControls(text: string, table: SteeringTable): string {
  const control = parseControlCode(text, table);
  return control ? control.rest : memoryCode.test(text) ? '' : text;
}

/**
 * Reads and applies the control codes in the messages of a turn (`!topic`, `!remember`, `!facts`, `!forget`, `!switch`, `!help`).
 * Without `effects` only the session changes: what was stored before a crash is not stored again.
 */
export async function readControls(
  messages: readonly InboundMessage[],
  session: SessionState | null,
  services: TurnServices,
  { effects }: { readonly effects: boolean },
): Promise<Controls> {
  const { say } = services;
  const texts: string[] = [];
  const notices: string[] = [];
  let steering = session?.steering ?? noSteering;
  let change: SessionChange = {};
  for (const message of messages) {
    const control = parseControlCode(message.text, services.steering);
    if (control) {
      steering = applyControl(steering, control);
      const { key, values } = noticeOf(control, services.steering);
      notices.push(say(key, values));
      if (control.rest) texts.push(control.rest);
      continue;
    }
    const [, name, argument = ''] = memoryCode.exec(message.text) ?? [];
    if (name === undefined) texts.push(message.text);
    else if (name.toLowerCase() === 'switch') {
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
    } else if (effects)
      notices.push(await memoryControl(name.toLowerCase(), argument.trim(), message, services));
  }
  return { text: texts.join('\n').trim(), notices, steering, change };
}

async function memoryControl(
  name: string,
  argument: string,
  message: InboundMessage,
  services: TurnServices,
): Promise<string> {
  const { say } = services;
  if (name === 'remember' && argument !== '') return remember(argument.slice(0, 500), message, services);
  if (name === 'forget' && argument !== '') return forget(Number(argument), message.personId, services);
  if (name === 'facts') return list(message.personId, services);
  return say('session.help');
}

/** The id is the message's, so that a turn that is run again after a crash does not remember twice. */
async function remember(
  text: string,
  message: InboundMessage,
  { store, config, say, clock }: TurnServices,
): Promise<string> {
  const limit = config.memory.maxFacts;
  const known = await store.people.memories(message.personId);
  const id = `message:${message.id}`;
  if (!known.some((memory) => memory.id === id)) {
    if (known.length >= limit) return say('memory.full', { limit });
    await store.people.addMemory({
      id,
      personId: message.personId,
      text,
      at: clock.now(),
      sessionId: message.sessionId,
    });
  }
  return say('memory.remembered', { text });
}

async function forget(number: number, person: PersonId, { store, say }: TurnServices): Promise<string> {
  const fact = (await store.people.memories(person))[number - 1];
  if (!fact) return say('memory.unknown', { n: Number.isFinite(number) ? number : '?' });
  await store.people.removeMemory(person, fact.id);
  return say('memory.forgotten', { text: fact.text });
}

async function list(person: PersonId, { store, say }: TurnServices): Promise<string> {
  const facts = await store.people.memories(person);
  if (facts.length === 0) return say('memory.nothing');
  return say('memory.list', {
    facts: facts.map(({ text }, index) => say('memory.fact', { n: index + 1, text })).join('\n'),
  });
}
