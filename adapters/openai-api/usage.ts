import { estimateTokens } from '../../src/prompting/token-estimate.js';
import type { ApiCall } from './call.js';
import type { ReplyChannel } from './reply-channel.js';

/** As the model's server counted; where it did not, estimated on the text that crossed this API. */
export function usageOf({ history, text }: ApiCall, reply: ReplyChannel): { prompt: number; reply: number } {
  if (reply.usage) return { prompt: reply.usage.promptTokens, reply: reply.usage.completionTokens };
  return {
    prompt: estimated([...history.map((line) => line.text), text].join('\n')),
    reply: estimated(reply.text),
  };
}

/** Of a longer text so much is looked at, UTF-16 units. */
const sampleUnits = 8_000;

function estimated(text: string): number {
  const sample = text.slice(0, sampleUnits);
  return sample === '' ? 0 : Math.ceil((estimateTokens(sample) * text.length) / sample.length);
}
