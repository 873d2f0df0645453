import type { ModelRequest, ModelRoute, PromptFormatName, Sampling } from './chat-model.js';
import type { PromptInput } from './prompt-input.js';
import type { StreamCleaner } from './stream-cleaner.js';

/** What a route contributes to a request. */
export type RequestSettings = Pick<
  ModelRoute,
  'modelName' | 'sampling' | 'controlTags' | 'variant' | 'encoder'
>;

/** How one family of checkpoints wants its text. Pure: the same input gives the same bytes. */
export interface PromptFormat {
  readonly name: PromptFormatName;
  readonly endpoint: ModelRequest['endpoint'];
  /** Stop strings sent to the server; empty where the server's template knows where a turn ends. */
  readonly stop: readonly string[];
  /** Decoding defaults of the family; a route's settings override them. */
  readonly sampling: Sampling;
  /** It has a place for what the platform says about this one reply (`caution`), and goes on from a reply that has begun. */
  readonly heedsCaution?: true;
  /** A completion begins with a header of its own, before the words: a caller's stop strings are looked for behind it. */
  readonly headed?: true;
  build(input: PromptInput, settings: RequestSettings): ModelRequest;
  /** Without the oldest unit (a turn, or a pair where parity matters); null when nothing more may go. */
  dropOldest(input: PromptInput): PromptInput | null;
  /** Persona and last message only, their texts cut to about `maxChars` UTF-16 units together. */
  floor(input: PromptInput, maxChars: number): PromptInput;
  /** Cleans the reply to this input while it streams. */
  cleaner(input: PromptInput): StreamCleaner;
}
