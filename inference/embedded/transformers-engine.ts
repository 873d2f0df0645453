import {
  AutoModelForCausalLM,
  AutoTokenizer,
  env,
  InterruptableStoppingCriteria,
  type PreTrainedModel,
  type PreTrainedTokenizer,
  Tensor,
  TextStreamer,
} from '@huggingface/transformers';
import { RapportError, reasonOf } from '../../config/errors.js';
import type { ChatWorkerSettings, Generated, GenerateJob } from './chat-messages.js';
import { plainDecoding } from './decoding.js';
import { StopScanner } from './stop-scanner.js';
import { type EngineEvents, replyRoom, type TextEngine } from './text-engine.js';

/** Precisions tried in turn: models offer different ones. */
const precisions = ['q8', 'q4', 'fp32'] as const;
const usualContext = 2_048;

/** Any decoder that transformers.js can load: a folder in its layout, or a model of the Hugging Face hub. */
export class TransformersEngine implements TextEngine {
  readonly contextTokens: number;
  readonly #name: string;
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #model: PreTrainedModel;

  private constructor(name: string, tokenizer: PreTrainedTokenizer, model: PreTrainedModel) {
    this.#name = name;
    this.#tokenizer = tokenizer;
    this.#model = model;
    const window: unknown = Reflect.get(model.config, 'max_position_embeddings');
    this.contextTokens = typeof window === 'number' ? window : usualContext;
  }

  /** @throws RapportError RAPPORT_E_MODEL_FILE when it can be loaded in no precision. */
  static async load({ model, remote, cacheDir, threads }: ChatWorkerSettings): Promise<TransformersEngine> {
    env.allowRemoteModels = remote;
    env.allowLocalModels = !remote;
    env.localModelPath = '';
    env.cacheDir = cacheDir;
    const reasons: string[] = [];
    for (const dtype of precisions)
      try {
        const tokenizer = await AutoTokenizer.from_pretrained(model);
        const session_options = { intraOpNumThreads: threads, interOpNumThreads: 1 };
        const loaded = await AutoModelForCausalLM.from_pretrained(model, {
          dtype,
          device: 'cpu',
          session_options,
        });
        return new TransformersEngine(model, tokenizer, loaded);
      } catch (error) {
        reasons.push(`${dtype}: ${reasonOf(error)}`);
      }
    throw new RapportError('RAPPORT_E_MODEL_FILE', { file: model, reason: reasons.join('; ') });
  }

  count(text: string): number {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).length;
  }

  async generate(job: GenerateJob, { onText, signal }: EngineEvents): Promise<Generated> {
    const ids = this.#promptIds(job.prompt);
    const room = replyRoom(ids.length, this.contextTokens, this.#name);
    const { temperature, topP, topK, repetitionPenalty, maxTokens } = job.decoding;
    const interrupt = new InterruptableStoppingCriteria();
    const scanner = new StopScanner(job.stop);
    const onAbort = (): void => interrupt.interrupt();
    signal.addEventListener('abort', onAbort);
    let text = '';
    let completionTokens = 0;
    const limit = Math.min(room, maxTokens ?? plainDecoding.maxTokens);
    const show = (fresh: string): void => {
      text += fresh;
      if (fresh !== '') onText(fresh);
    };
    try {
      const shape = [1, ids.length];
      await this.#model.generate({
        inputs: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
        attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
        max_new_tokens: limit,
        ...(temperature === 0
          ? { do_sample: false }
          : { do_sample: true, temperature: temperature ?? plainDecoding.temperature }),
        ...(topP === undefined ? {} : { top_p: topP }),
        ...(topK === undefined ? {} : { top_k: topK }),
        ...(repetitionPenalty === undefined ? {} : { repetition_penalty: repetitionPenalty }),
        stopping_criteria: interrupt,
        streamer: new TextStreamer(this.#tokenizer, {
          skip_prompt: true,
          skip_special_tokens: true,
          token_callback_function: () => {
            completionTokens += 1;
          },
          callback_function: (piece) => {
            show(scanner.push(piece));
            if (scanner.stopped !== null) interrupt.interrupt();
          },
        }),
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    signal.throwIfAborted();
    show(scanner.finish());
    const cut = scanner.stopped === null && completionTokens >= limit;
    const finishReason = cut ? 'length' : 'stop';
    const only = {
      text,
      tokens: [],
      meanLogProbability: 0,
      finishReason,
      stopReason: scanner.stopped,
    } as const;
    return { candidates: [only], promptTokens: ids.length, completionTokens };
  }

  #promptIds(prompt: GenerateJob['prompt']): number[] {
    if (typeof prompt === 'string') return this.#tokenizer.encode(prompt, { add_special_tokens: false });
    const messages = prompt.filter((part) => typeof part !== 'number');
    if (messages.length === 0) return prompt.filter((part) => typeof part === 'number');
    const templated: unknown = this.#tokenizer.apply_chat_template(
      messages.map(({ role, content }) => ({ role, content })),
      { add_generation_prompt: true, tokenize: true, return_tensor: false, return_dict: false },
    );
    if (!Array.isArray(templated)) throw new Error('the chat template gives no token ids');
    return templated.flat().map(Number);
  }
}
