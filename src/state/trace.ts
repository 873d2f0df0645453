/** A value that survives JSON. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** What one stage decided and how long it took. */
export interface StageTrace {
  readonly stage: string;
  /** Milliseconds. */
  readonly ms: number;
  /** The decision in plain data: shown by the page ("Why this reply?"), by `--json` and in logs at debug level. */
  readonly decision: { readonly [key: string]: Json | undefined };
}

/** How a reply came about. */
export interface TurnTrace {
  readonly stages: readonly StageTrace[];
  readonly model?: {
    readonly route: string;
    readonly name: string;
    readonly format: string;
    readonly demo: boolean;
    readonly promptTokens: number;
    readonly promptTokensExact: boolean;
    readonly droppedTurns: number;
    readonly attempts: number;
    readonly finishReason: string;
    /** The reply was written beforehand, and why it was taken; absent where the model wrote it. */
    readonly written?: string;
    /** Of what was decided, what reached the model (`src/prompting/sent-parts.ts`); absent in older traces. */
    readonly sent?: readonly string[];
    readonly ttftMs: number;
    /** As the model's server counted them. */
    readonly usage?: { readonly promptTokens: number; readonly completionTokens: number };
  };
  readonly totalMs: number;
}
