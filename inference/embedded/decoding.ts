import { z } from 'zod';
import type { Sampling } from '../../src/prompting/chat-model.js';

/** How tokens are drawn, all values resolved. */
export interface Decoding {
  readonly temperature: number;
  readonly topP: number;
  /** 0: no limit. */
  readonly topK: number;
  readonly minP: number;
  /** Above 1 discourages tokens that the reply already has; the prompt may be quoted freely. */
  readonly repetitionPenalty: number;
  /** No run of so many tokens occurs twice in a reply; 0: no such rule. */
  readonly noRepeatNgram: number;
  readonly maxTokens: number;
  /** Same seed, same reply; undefined draws one. */
  readonly seed: number | undefined;
}

export const plainDecoding: Decoding = {
  temperature: 0.8,
  topP: 0.9,
  topK: 50,
  minP: 0,
  repetitionPenalty: 1.1,
  noRepeatNgram: 0,
  maxTokens: 200,
  seed: undefined,
};

/** The fields of `generation_config.json` (and of `decoding` in model.json) that are used; others are let be. */
export const generationConfigSchema = z.looseObject({
  temperature: z.number().min(0).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  min_p: z.number().min(0).max(1).optional(),
  repetition_penalty: z.number().gt(0).optional(),
  no_repeat_ngram_size: z.int().min(0).optional(),
  max_new_tokens: z.int().min(1).optional(),
  eos_token_id: z.union([z.int(), z.array(z.int())]).optional(),
  pad_token_id: z.int().nullish(),
});
export type GenerationConfig = z.infer<typeof generationConfigSchema>;

/** What a model's own file asks for. */
export function ownDecoding(config: GenerationConfig): Partial<Decoding> {
  return defined({
    temperature: config.temperature,
    topP: config.top_p,
    topK: config.top_k,
    minP: config.min_p,
    repetitionPenalty: config.repetition_penalty,
    noRepeatNgram: config.no_repeat_ngram_size,
    maxTokens: config.max_new_tokens,
  });
}

/** What a request asks for, in the names of the OpenAI API. */
export function requestedDecoding(sampling: Sampling): Partial<Decoding> {
  return defined({
    temperature: sampling.temperature,
    topP: sampling.top_p,
    topK: sampling.top_k,
    minP: sampling.min_p,
    repetitionPenalty: sampling.repetition_penalty,
    maxTokens: sampling.max_tokens,
    seed: sampling.seed,
  });
}

/** A model's own decoding in the names of a request, for a route's sampling. */
export function asSampling(decoding: Partial<Decoding>): Sampling {
  return defined({
    temperature: decoding.temperature,
    top_p: decoding.topP,
    top_k: decoding.topK,
    min_p: decoding.minP,
    repetition_penalty: decoding.repetitionPenalty,
    max_tokens: decoding.maxTokens,
  });
}

function defined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: NonNullable<Fields[Key]> } {
  const kept: { [Key in keyof Fields]?: NonNullable<Fields[Key]> } = {};
  for (const key of Object.keys(fields) as (keyof Fields)[]) {
    const value = fields[key];
    if (value !== undefined && value !== null) kept[key] = value;
  }
  return kept;
}
