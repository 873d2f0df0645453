import type { RapportError } from '../../config/errors.js';
import type { OutboxSegment } from '../state/store.js';
import type { Receipt } from './adapter.js';
import type { SendContext } from './segment-sender.js';

export interface DeliveryLimits {
  /** How long the first visible character may wait for company, ms. */
  readonly firstFlushMs: number;
  /** Shortest pause between two flushes of growing text, ms. Default: the platform's `minEditIntervalMs`. */
  readonly flushMs: number;
  /** This many new UTF-16 units are flushed before `flushMs` is over. */
  readonly flushChars: number;
}

/** What is said to the person when a reply does not end well; '' says nothing. */
export interface DeliveryNotes {
  /** Put on its own line behind text that broke off. */
  readonly interrupted: string;
  /** Posted as a notice when no text came at all. */
  readonly failure: string | ((error: RapportError) => string);
  /** Put behind text that the person stopped. */
  readonly stopped: string;
  /** Whether what is answered was deleted meanwhile: where no text came yet, nothing is said then. */
  readonly isWithdrawn?: () => boolean;
  /** Stands in for the text where the platform wants a sign early (`placeholderAfterMs`). */
  readonly placeholder: string;
}

export interface DeliverOptions extends SendContext {
  /** Deltas of the reply, cleaned of tags and stop strings. */
  readonly text: AsyncIterable<string>;
  /** The stop button: what has arrived is finished and kept. */
  readonly signal: AbortSignal;
  readonly notes: DeliveryNotes;
  readonly limits?: Partial<DeliveryLimits>;
  /** `notice`: the platform speaks, not the character. Default `reply`. */
  readonly kind?: 'reply' | 'notice';
  /** `elapsed` at which a typing indicator was shown already, from which the placeholder's time counts; without it one is shown at once. */
  readonly typedAt?: number | undefined;
  /** Unsettled segments of a crashed run of the same turn: their messages are edited rather than posted anew. */
  readonly resume?: readonly OutboxSegment[];
}

export interface DeliveryResult {
  /** What the model said, without notes and added fences. */
  readonly text: string;
  /** The messages that hold it, in order. */
  readonly segments: readonly { readonly segment: number; readonly receipt: Receipt }[];
  readonly status: 'complete' | 'interrupted' | 'stopped';
  /** Why it was interrupted. */
  readonly error?: RapportError;
}
