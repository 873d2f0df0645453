import type { Tracer } from '../trace.js';
import type { TurnServices } from '../turn-services.js';
import { care } from './care.js';
import { controls } from './controls.js';
import { emotion } from './emotion.js';
import { goal } from './goal.js';
import { match } from './match.js';
import { memory } from './memory.js';
import type { Draft, Phase, Stage } from './stage.js';
import { strategy } from './strategy.js';
import { style } from './style.js';

/**
 * The stages of a turn, in the order they are told in: docs/architecture.md, the trace and "Why this reply?" follow this list. When
 * they run is said by their phases (stage.ts): care, controls and match one after the other, then memory, strategy, goal and style side by side.
 * `emotion` is told fourth, for it is about what the person wrote, and runs last, while the model speaks.
 */
export const stages: readonly Stage[] = [care, controls, match, emotion, memory, strategy, goal, style];

/** Runs the stages of one phase, side by side. */
export async function runPhase(
  phase: Phase,
  draft: Draft,
  services: TurnServices,
  tracer: Tracer,
): Promise<void> {
  await Promise.all(
    stages
      .filter((stage) => stage.phase === phase)
      .map(async (stage) => {
        draft.keep(stage.name, await tracer.run(stage.name, () => stage.run(draft, services)));
      }),
  );
}
