import { signal } from '@preact/signals';
import { api } from '../api/calls.js';
import type { Goal } from '../api/types.js';
import { attempt } from './toasts.js';

/** The turn-level goals that can be chosen; fetched once. */
export const goals = signal<readonly Goal[]>([]);

export async function loadGoals(): Promise<void> {
  if (goals.value.length > 0) return;
  await attempt(async () => {
    goals.value = await api.goals();
  });
}

/** How a goal is shown; free text set elsewhere (`!topic`) is shown as it is. */
export function labelOf(goal: string): string {
  return goals.value.find((known) => known.goal === goal)?.label ?? goal.replace(/\.$/, '');
}
