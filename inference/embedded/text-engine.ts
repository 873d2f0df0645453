import { RapportError } from '../../config/errors.js';
import type { Generated, GenerateJob } from './chat-messages.js';

export interface EngineEvents {
  /** Text of a job with one candidate, as it comes. */
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A loaded chat model in the thread that computes. */
export interface TextEngine {
  readonly contextTokens: number;
  count(text: string): number;
  /** @throws RapportError RAPPORT_E_CONTEXT_OVERFLOW; the signal's reason when aborted. */
  generate(job: GenerateJob, events: EngineEvents): Promise<Generated>;
  /** Natural-log probability of a text with its end as the reply to a prompt, in nats; null where both exceed the window. */
  logProbability?(prompt: string, text: string): Promise<number | null>;
}

/** Tokens that must be left for a reply. */
export const leastReply = 8;

/** Room for the reply in tokens. @throws RapportError RAPPORT_E_CONTEXT_OVERFLOW */
export function replyRoom(promptTokens: number, contextTokens: number, model: string): number {
  const room = contextTokens - promptTokens;
  if (room < leastReply)
    throw new RapportError('RAPPORT_E_CONTEXT_OVERFLOW', {
      tokens: promptTokens,
      window: contextTokens,
      route: model,
    });
  return room;
}
