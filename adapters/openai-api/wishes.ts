import { z } from 'zod';
import type { ReplyWishes } from '../../src/state/session.js';

/** OpenAI takes four; clients that write a role before each line send more. */
const maxStops = 16;
const maxStopUnits = 200;
/** OpenAI's `top_p: 0` is the likeliest token alone; model servers want more than nothing. */
const leastTopP = 0.001;

const stopString = z.string().max(maxStopUnits);
const limit = z.int().min(1).max(1_000_000).nullish();

/** The fields that say how a reply is drawn and where it ends. */
export const wishFields = {
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  stop: z.union([stopString, z.array(stopString).max(maxStops)]).nullish(),
  max_tokens: limit,
  max_completion_tokens: limit,
  max_output_tokens: limit,
} as const;

const wishSchema = z.object(wishFields).partial();
export type WishFields = z.infer<typeof wishSchema>;

/**
 * What is asked for; undefined where nothing is. The newer name of the limit goes before the older.
 * @param begun how the reply begins already.
 */
export function readWishes(fields: WishFields, begun: string): ReplyWishes | undefined {
  const { temperature, top_p: topP, presence_penalty, frequency_penalty, seed } = fields;
  const maxTokens = fields.max_output_tokens ?? fields.max_completion_tokens ?? fields.max_tokens;
  const stop = [fields.stop ?? []]
    .flat()
    .filter((text) => text !== '')
    .map((text) => text.toWellFormed());
  const wishes: ReplyWishes = {
    ...(isWished(temperature, 1) && { temperature }),
    ...(isWished(topP, 1) && { top_p: Math.max(leastTopP, topP) }),
    ...(isWished(presence_penalty, 0) && { presence_penalty }),
    ...(isWished(frequency_penalty, 0) && { frequency_penalty }),
    ...(typeof seed === 'number' && { seed }),
    ...(typeof maxTokens === 'number' && { max_tokens: maxTokens }),
    ...(stop.length > 0 && { stop }),
    ...(begun !== '' && { begun }),
  };
  return Object.keys(wishes).length > 0 ? wishes : undefined;
}

/**
 * Whether a number is wished for. OpenAI's default is none: many clients send it with every call (LangChain, Open WebUI), and it would
 * override the decoding that a checkpoint was released with.
 */
function isWished(value: number | null | undefined, usual: number): value is number {
  return typeof value === 'number' && value !== usual;
}
