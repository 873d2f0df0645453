/** Where a conversation is being led (PersonaGPT's turn-level goals, "action codes"). */
export interface SteeringState {
  /** Applies to every turn until turned off. */
  readonly sticky: string | null;
  /** One goal a turn, first first; the head serves the next turn once and is removed. */
  readonly queue: readonly string[];
}

export const noSteering: SteeringState = { sticky: null, queue: [] };
