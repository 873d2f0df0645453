import type { AnyStage } from './engine/stage.js';

/** What a step without a model may be told on the command line. */
export interface StepOptions {
  readonly in: string;
  readonly with?: string;
  readonly set?: string;
  readonly seed: number;
  readonly character?: string;
  readonly name?: string;
}

/** A step: a stage that asks a model, or rows that follow from files alone. */
export type Step =
  | { readonly stage: AnyStage }
  | { readonly rows: (options: StepOptions) => Promise<readonly object[]> };
export type Steps = Readonly<Record<string, Step>>;
