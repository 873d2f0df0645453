import type { EmotionReading } from '../../emotion/emotion-classifier.js';
import type { NextGoal } from '../../guidance/steer.js';
import type { PlannedStrategy } from '../../guidance/strategy-planner.js';
import type { Json } from '../../state/trace.js';
import type { TurnInput, TurnStart } from '../turn.js';
import type { TurnServices } from '../turn-services.js';
import type { CareFound } from './care.js';
import type { Controls } from './controls.js';
import type { Matched } from './match.js';
import type { Recalled } from './memory.js';

/** What each stage finds, by the name it has in the trace. */
export interface Findings {
  readonly care: CareFound;
  readonly controls: Controls;
  readonly match: Matched;
  readonly emotion: EmotionReading | null;
  readonly memory: Recalled;
  readonly strategy: PlannedStrategy;
  readonly goal: NextGoal;
  /** MIRACLE's attributes in the words a model is given. */
  readonly style: Readonly<Record<string, string>>;
}

export type StageName = keyof Findings;

/** Stages of one phase run side by side, the phases in this order; `speak` runs while the model speaks. */
export type Phase = 'care' | 'hear' | 'match' | 'plan' | 'speak';

/** What a stage decided, in plain data for the trace; null where there is nothing to tell. */
export type Decision = { readonly [key: string]: Json | undefined } | null;

/** One step on the way to a reply: it looks at what the turn starts from and at what was found before it. */
export interface Stage<Name extends StageName = StageName> {
  readonly name: Name;
  readonly phase: Phase;
  run(draft: Draft, services: TurnServices): Promise<readonly [Findings[Name], Decision]>;
}

/** A turn as far as its stages have come. */
export class Draft {
  readonly start: TurnStart;
  readonly #found: Partial<Findings> = {};

  constructor(start: TurnStart) {
    this.start = start;
  }

  /** What a stage found. @throws Error where it has not run yet: the order is in stages.ts. */
  of<Name extends StageName>(name: Name): Findings[Name] {
    if (!(name in this.#found)) throw new Error(`the stage ${name} has not run yet`);
    return this.#found[name] as Findings[Name];
  }

  keep<Name extends StageName>(name: Name, found: Findings[Name]): void {
    Object.assign(this.#found, { [name]: found });
  }

  /** What there is to answer, with the session as the control codes left it. */
  get input(): TurnInput {
    const { lines, session } = this.of('controls');
    return { ...this.start, session, lines, text: lines.map(({ text }) => text).join('\n') };
  }
}
