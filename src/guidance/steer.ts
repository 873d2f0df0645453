import type { SteeringTable } from '../../config/steering.js';
import type { SteeringControl } from './control-code.js';
import { noSteering, type SteeringState } from './steering-state.js';

/** Goals that may wait. */
const maxWaiting = 20;

/** The state after a control code; `list` and `unknown` change nothing. A one-shot goal goes before what is queued. */
export function applyControl(state: SteeringState, control: SteeringControl): SteeringState {
  switch (control.kind) {
    case 'once':
      return { ...state, queue: [...control.goals, ...state.queue].slice(0, maxWaiting) };
    case 'queue':
      return { ...state, queue: [...state.queue, ...control.goals].slice(0, maxWaiting) };
    case 'sticky':
      return { ...state, sticky: control.goals[0] ?? state.sticky };
    case 'off':
      return noSteering;
    case 'list':
    case 'unknown':
      return state;
  }
}

/** Whether a control code sets a goal. */
export function setsGoal({ kind }: SteeringControl): boolean {
  return kind === 'once' || kind === 'sticky' || kind === 'queue';
}

export interface NextGoal {
  /** The goal of this turn, or null. */
  readonly goal: string | null;
  /** Where it came from, for the trace. */
  readonly source: 'queue' | 'sticky' | null;
  /** The state to commit with the turn. */
  readonly state: SteeringState;
}

/** The goal of the next turn: the head of the queue, which is then used up, else the sticky one. */
export function nextGoal(state: SteeringState): NextGoal {
  const [head, ...queue] = state.queue;
  if (head !== undefined) return { goal: head, source: 'queue', state: { ...state, queue } };
  return { goal: state.sticky, source: state.sticky === null ? null : 'sticky', state };
}

/** A text of the locale that tells the person what a control code did. */
export interface SteeringNotice {
  readonly key: `steering.${'set' | 'sticky' | 'queued' | 'off' | 'list' | 'unknown'}`;
  readonly values: Readonly<Record<string, string>>;
}

/** How a person writes what leads a conversation, with music for a topic. */
export interface SteeringCommands {
  /** For the next reply. */
  readonly once: string;
  /** For every reply. */
  readonly sticky: string;
  /** For none any more. */
  readonly off: string;
}

/** The control codes: they work wherever text can be written. */
export const controlCodes: SteeringCommands = {
  once: '!topic music',
  sticky: '!topic sticky music',
  off: '!topic off',
};

/**
 * What to tell the person; goals are shown by their labels.
 * @param commands what the platform has in place of the control codes.
 */
export function noticeOf(
  control: SteeringControl,
  { goals }: SteeringTable,
  commands: SteeringCommands = controlCodes,
): SteeringNotice {
  const labels = control.goals.map((goal) => goals.find((known) => known.goal === goal)?.label ?? goal);
  switch (control.kind) {
    case 'once':
      return { key: 'steering.set', values: { goal: labels[0] ?? '' } };
    case 'sticky':
      return { key: 'steering.sticky', values: { goal: labels[0] ?? '', off: commands.off } };
    case 'queue':
      return {
        key: 'steering.queued',
        values: { goals: labels.map((label) => label.replace(/\.$/, '')).join(', ') },
      };
    case 'off':
      return { key: 'steering.off', values: {} };
    case 'list':
      return {
        key: 'steering.list',
        values: { goals: goals.map(({ aliases }) => aliases[0]).join(', '), ...commands },
      };
    case 'unknown':
      return {
        key: 'steering.unknown',
        values: { goal: control.typed ?? '', suggestion: control.suggestion ?? '' },
      };
  }
}
