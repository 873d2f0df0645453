import type { Discord } from './discord.js';

/** The parts of the double that can be steered from another process. */
export interface Steerable {
  readonly discord: Discord;
  readonly faults: Discord['faults'];
  readonly gateway: Discord['gateway'];
  readonly control: Discord['gateway']['control'];
}

export type Part = keyof Steerable;

/** A part whose methods answer over the channel between two processes. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends (...values: never[]) => unknown ? K : never]: T[K] extends (
    ...values: infer A
  ) => infer R
    ? (...values: A) => Promise<Awaited<R>>
    : never;
};

/** A call of a method of one part. Arguments and results are what a structured clone can carry. */
export interface RemoteCall {
  readonly id: number;
  readonly part: Part;
  readonly method: string;
  readonly values: readonly unknown[];
}

export type RemoteAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** What the child says once it listens. */
export interface RemoteAddress {
  readonly apiUrl: string;
  readonly gatewayUrl: string;
  readonly token: string;
  readonly applicationId: string;
}
