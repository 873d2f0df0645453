import type { SteeringTable } from '../../config/steering.js';
import { resolveGoal } from './goal-words.js';

/** What a message that begins with `!topic` asks for. */
export interface SteeringControl {
  /** `once`: the next reply; `sticky`: every reply until turned off; `queue`: one a reply, in order; `unknown`: a typo. */
  readonly kind: 'once' | 'sticky' | 'queue' | 'off' | 'list' | 'unknown';
  /** The goals as a model is given them; empty for `off`, `list` and `unknown`. */
  readonly goals: readonly string[];
  /** What was typed and the nearest name, with `unknown`. */
  readonly typed?: string;
  readonly suggestion?: string;
  /** The lines after the control code: a message to answer, or empty. */
  readonly rest: string;
}

/** What is read of a code, UTF-16 units. */
const maxCodeUnits = 1_500;
/** Most goals one code may queue. */
const maxQueued = 10;

/**
 * Reads a control code on the first line of a message; null when there is none.
 *
 *     !topic music              the next reply            !topic              lists the goals
 *     !topic! music             every reply; also `!topic sticky music` and `!topic music --sticky`
 *     !topic queue music, pets  one a reply               !topic off          nothing is set any more
 */
export function parseControlCode(text: string, table: SteeringTable): SteeringControl | null {
  const [first = '', ...others] = text.trimStart().split('\n');
  // Bounded, for the expressions below look at every blank anew.
  const code = /^!topic(!?)(?:\s+(.*))?$/isu.exec(first.trimEnd().slice(0, maxCodeUnits).trimEnd());
  if (!code) return null;
  const rest = others.join('\n').trim();
  const argument = (code[2] ?? '').trim();
  if (/^(?:|list|help)$/i.test(argument)) return { kind: 'list', goals: [], rest };
  if (/^(?:off|none|stop|clear)$/i.test(argument)) return { kind: 'off', goals: [], rest };
  const queue = /^queue(?:\s+(.*))?$/iu.exec(argument);
  if (queue) return control('queue', queued(queue[1] ?? ''), table, rest);
  const sticky = code[1] === '!' || /^sticky(?:\s|$)/i.test(argument) || /\s--sticky$/i.test(argument);
  const goal = argument.replace(/^sticky(?:\s+|$)/i, '').replace(/\s+--sticky$/i, '');
  return control(sticky ? 'sticky' : 'once', [goal], table, rest);
}

/** What a control code says, where the kind was chosen apart from the words (a command with options). */
export function steeringControl(
  kind: 'once' | 'sticky' | 'queue' | 'off',
  typed: string,
  table: SteeringTable,
): SteeringControl {
  if (kind === 'off') return { kind, goals: [], rest: '' };
  const words = typed.slice(0, maxCodeUnits);
  return control(kind, kind === 'queue' ? queued(words) : [words], table, '');
}

function queued(typed: string): string[] {
  return typed.split(/[,;]/).slice(0, maxQueued);
}

function control(
  kind: 'once' | 'sticky' | 'queue',
  typed: readonly string[],
  table: SteeringTable,
  rest: string,
): SteeringControl {
  const goals: string[] = [];
  for (const text of typed) {
    const resolved = resolveGoal(text, table);
    if (resolved?.kind === 'unknown')
      return { kind: 'unknown', goals: [], typed: resolved.typed, suggestion: resolved.suggestion, rest };
    if (resolved) goals.push(resolved.goal);
  }
  return goals.length > 0 ? { kind, goals, rest } : { kind: 'list', goals: [], rest };
}
