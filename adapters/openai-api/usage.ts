import { estimateTokens } from '../../src/prompting/token-estimate.js';
import type { ApiCall } from './call.js';
import type { ReplyChannel } from './reply-channel.js';

/** Estimated on the text that crossed this API; the prompt the model saw is in the trace. */
export function usageOf({ history, text }: ApiCall, reply: ReplyChannel): { prompt: number; reply: number } {
  return {
    prompt: estimateTokens([...history.map((line) => line.text), text].join('\n')),
    reply: estimateTokens(reply.text),
  };
}
