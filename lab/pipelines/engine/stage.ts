import type { z } from 'zod';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface AskOptions {
  /** Tokens of the answer, at most. */
  readonly maxTokens: number;
  readonly temperature?: number;
}

/** What a stage may use while it works on one item. Every answer is written down, so that a killed run does not ask again. */
export interface ItemScope {
  /** An answer in words, never empty and never cut off. @throws ItemFailure when no such answer came */
  ask(messages: readonly Message[], options: AskOptions): Promise<string>;
  /** An answer that is read; one that cannot be is sent back with what is wrong, a few times. @throws ItemFailure */
  askFor<T>(
    messages: readonly Message[],
    options: AskOptions,
    read: (answer: string) => T | Unreadable,
  ): Promise<T>;
  /** From 0 to below 1; the same for the same seed, step and item, in whichever order items run. */
  random(): number;
}

/** Why an answer could not be read, in words for the model. */
export class Unreadable {
  constructor(readonly why: string) {}
}

/** An item that cannot be made; the others go on, and the next run tries this one again. The message quotes no text. */
export class ItemFailure extends Error {}

/** One declared step: rows in, one row out for each. */
export interface Stage<In = unknown, Out extends object = object> {
  readonly name: string;
  readonly input: z.ZodType<In>;
  /** What identifies the row, in and out alike. */
  readonly idOf: (row: In, position: number) => string;
  readonly idOfResult: (row: Out) => string;
  /** For `--dry-run`: calls for an item, and tokens of a usual call. */
  readonly usual: { readonly calls: number; readonly tokensIn: number; readonly tokensOut: number };
  /** Versions of the prompts and whatever else changes what comes out. */
  readonly version: string;
  readonly run: (row: In, scope: ItemScope, position: number) => Promise<Out>;
}

/** A stage among others of other rows. */
// biome-ignore lint/suspicious/noExplicitAny: rows are checked by the stage's own schema before it sees them.
export type AnyStage = Stage<any, any>;
