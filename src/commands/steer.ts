import { isAftermath } from '../care/aftermath.js';
import { steeringControl } from '../guidance/control-code.js';
import { resolveGoal } from '../guidance/goal-words.js';
import { applyControl, noticeOf, type SteeringCommands, setsGoal } from '../guidance/steer.js';
import type { SteeringState } from '../guidance/steering-state.js';
import type { SessionId } from '../ids.js';
import type { SessionState } from '../state/session.js';
import type { CommandServices } from './command-services.js';

export interface SteerRequest {
  /** `once`: the next reply; `sticky`: every reply until turned off; `queue`: goals one a reply, separated by commas; `off`: nothing is set any more. */
  readonly mode: 'once' | 'sticky' | 'queue' | 'off';
  /** A goal by its name, or in the person's own words. */
  readonly text: string;
  /** The platform's own commands, to be named in the notice; the control codes where nothing is given. */
  readonly commands?: SteeringCommands;
}

export interface Steered {
  /** One sentence for the person: what was set, or what may have been meant. */
  readonly notice: string;
  readonly session: SessionState;
  /** False where the words were not understood and nothing was changed. */
  readonly changed: boolean;
}

/**
 * Leads a conversation to a goal (PersonaGPT's turn-level goals), from its next reply on.
 * @returns null where there is no such conversation.
 */
export async function steer(
  services: Pick<CommandServices, 'store' | 'steering' | 'say' | 'events' | 'clock'>,
  id: SessionId,
  { mode, text, commands }: SteerRequest,
): Promise<Steered | null> {
  const { store, steering: table, say, clock } = services;
  const before = await store.sessions.get(id);
  if (!before) return null;
  const control = steeringControl(mode, text, table);
  const { key, values } = noticeOf(control, table, commands);
  const waits = setsGoal(control) && isAftermath(before.care, clock.now()) ? [say('steering.waits')] : [];
  const notice = [say(key, values), ...waits].join(' ');
  if (control.kind === 'list' || control.kind === 'unknown')
    return { notice, session: before, changed: false };
  const session = await setSteering(services, id, applyControl(before.steering, control));
  return session && { notice, session, changed: true };
}

/** Replaces where a conversation is led; null where there is no such conversation. */
export async function setSteering(
  { store, events }: Pick<CommandServices, 'store' | 'events'>,
  id: SessionId,
  steering: SteeringState,
): Promise<SessionState | null> {
  const session = await store.sessions.update(id, { steering });
  if (session) events.publish(id, { type: 'session', session });
  return session;
}

/** A goal of the table, or the person's own words made one, whatever they may be a slip of; null for nothing. */
export function goalOf({ steering }: Pick<CommandServices, 'steering'>, typed: string): string | null {
  const resolved = resolveGoal(typed, steering);
  return resolved && (resolved.kind === 'goal' ? resolved.goal : `talk about ${resolved.typed}.`);
}

/** A row of an autocomplete list. */
export interface Choice {
  /** What is shown, at most 100 UTF-16 units. */
  readonly name: string;
  /** What comes back, at most 100 UTF-16 units. */
  readonly value: string;
}

/** The longest name and value of a {@link Choice}, UTF-16 units (Discord's rule, the stricter one). */
export const choiceUnits = 100;

/** At most `limit` goals that fit what has been typed so far, names that begin with it first; then the typed words themselves. */
export function goalChoices(
  { steering }: Pick<CommandServices, 'steering'>,
  typed: string,
  limit = 25,
): Choice[] {
  const words = typed.trim().toLowerCase();
  const rank = (names: readonly string[]): number => {
    if (names.some((name) => name.startsWith(words))) return 0;
    return names.some((name) => name.includes(words)) ? 1 : 2;
  };
  const known = steering.goals
    .map(({ label, aliases }) => ({ label, alias: aliases[0] ?? label, at: rank([...aliases, label]) }))
    .filter(({ at }) => at < 2)
    .sort((a, b) => a.at - b.at)
    .map(({ label, alias }) => choice(label.replace(/\.$/, ''), alias));
  const own = typed.replace(/\s+/g, ' ').trim();
  const exact = steering.goals.some(({ aliases }) => aliases.includes(words));
  const free = own === '' || exact ? [] : [choice(own, own)];
  return [...known.slice(0, limit - free.length), ...free].slice(0, limit);
}

function choice(name: string, value: string): Choice {
  const cut = (text: string): string => text.slice(0, choiceUnits).replace(/[\uD800-\uDBFF]$/, '');
  return { name: cut(name), value: cut(value) };
}
