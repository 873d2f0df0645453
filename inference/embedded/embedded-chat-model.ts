import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import type { Clock } from '../../src/clock.js';
import type {
  ChatModel,
  ModelDelta,
  ModelRequest,
  PromptFormatName,
  RankHints,
  Sampling,
  TokenCounter,
} from '../../src/prompting/chat-model.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { countInSlices } from '../in-slices.js';
import { loadTokenizer } from '../onnx/encoder-graph.js';
import { readJsonFile, readManifest } from '../onnx/model-folder.js';
import type { TextEncoder } from '../onnx/sentence-encoder.js';
import type { TrainedReplyRanker } from '../onnx/trained-reply-ranker.js';
import { cosine } from '../onnx/vector-matrix.js';
import type { AnswerBank } from './answer-bank.js';
import type { Candidate, Generated, GenerateJob } from './chat-messages.js';
import { ChatThread } from './chat-thread.js';
import { asSampling, ownDecoding, requestedDecoding } from './decoding.js';
import { chatManifestSchema } from './graph-engine.js';
import { modelPlace } from './model-place.js';
import { type RankContext, type Relevance, rankReplies } from './rank-replies.js';
import { saidSoFar, wholeSentences, wordByWord } from './reply-text.js';
import { TurnQueue } from './turn-queue.js';
import { type Feel, type WrittenReply, writtenReply } from './written-reply.js';

export interface EmbeddedModelOptions {
  /** A folder or a hub id (`MODEL_EMBEDDED`). */
  readonly model: string;
  /** Models from the hub are kept in its `models/`. */
  readonly dataDir: string;
  /** Replies sampled at once, of which the best is shown; 1 streams as it generates. */
  readonly candidates: number;
  /** Threads of one step; 0: one less than there are cores (at least 1, at most 4), which leaves one to the event loop. */
  readonly threads: number;
  /** Judges candidates by meaning; without it words decide. */
  readonly encoder?: TextEncoder | undefined;
  /** Judges candidates as answers to what was said, beside the encoder's cosine. */
  readonly ranker?: Pick<TrainedReplyRanker, 'fit'> | undefined;
  /** Replies that were written beforehand: where one fits, nothing is sampled. */
  readonly answers?: Pick<AnswerBank, 'answer' | 'does' | 'takeUp' | 'goOn' | 'count'> | undefined;
  /** The mood in which a written reply keeps the talk going; words decide without it. */
  readonly feel?: Feel | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Tokens that every written reply is sure to have room in. */
const longestWritten = 60;

/** The embedded model with what it says about itself. */
export interface EmbeddedChatModel extends ChatModel {
  readonly name: string;
  readonly format: PromptFormatName;
  readonly contextTokens: number;
  readonly controlTags: boolean;
  readonly demo: boolean;
  /** The decoding the model was tuned with, to override a format's defaults with. */
  readonly sampling: Sampling;
  /** Loads the model now rather than at the first message. @throws RapportError RAPPORT_E_MODEL_FILE */
  warm(): Promise<void>;
  /** Natural-log probability of a text with its end as the reply to a prompt, in nats; null where this model cannot say. */
  logProbability(prompt: string, text: string): Promise<number | null>;
  close(): Promise<void>;
}

/**
 * Opens the chat model that runs inside this process, in a worker thread. A folder with our model.json runs directly on
 * onnxruntime and is sampled and ranked; anything else runs through transformers.js and streams.
 * @throws RapportError RAPPORT_E_MODEL_FILE
 */
export function createEmbeddedModel(options: EmbeddedModelOptions): EmbeddedChatModel {
  const place = modelPlace(options.model);
  if ('hubId' in place) return new EmbeddedModel(options, place.hubId, true, plainTraits(place.hubId, 2_048));
  const { folder } = place;
  if (!existsSync(join(folder, 'model.json')))
    return new EmbeddedModel(options, folder, false, plainTraits(options.model, contextOf(folder)));
  const { name, format, contextTokens, controlTags, demo, decoding } = readManifest(
    folder,
    chatManifestSchema,
  );
  const sampling = asSampling(ownDecoding(decoding));
  return new EmbeddedModel(options, folder, false, {
    name,
    format,
    contextTokens,
    controlTags,
    demo,
    sampling,
    own: true,
  });
}

interface Traits {
  readonly name: string;
  readonly format: PromptFormatName;
  readonly contextTokens: number;
  readonly controlTags: boolean;
  readonly demo: boolean;
  readonly sampling: Sampling;
  /** Made by us: our graph, sampled and ranked. */
  readonly own: boolean;
}

function plainTraits(name: string, contextTokens: number): Traits {
  return { name, format: 'chat', contextTokens, controlTags: false, demo: false, sampling: {}, own: false };
}

function contextOf(folder: string): number {
  const config = z.looseObject({ max_position_embeddings: z.int().min(64).default(2_048) });
  return config.parse(readJsonFile(join(folder, 'config.json'))).max_position_embeddings;
}

class EmbeddedModel implements EmbeddedChatModel {
  readonly name: string;
  readonly format: PromptFormatName;
  readonly controlTags: boolean;
  readonly demo: boolean;
  readonly sampling: Sampling;
  readonly contextTokens: number;
  readonly tokens: TokenCounter;
  readonly #options: EmbeddedModelOptions;
  readonly #own: boolean;
  readonly #thread: ChatThread;
  readonly #queue = new TurnQueue();
  #tokenizer: Tokenizer | null = null;

  constructor(options: EmbeddedModelOptions, model: string, remote: boolean, traits: Traits) {
    this.#options = options;
    ({
      name: this.name,
      format: this.format,
      controlTags: this.controlTags,
      demo: this.demo,
      sampling: this.sampling,
      contextTokens: this.contextTokens,
      own: this.#own,
    } = traits);
    const runtime = traits.own ? 'graph' : 'transformers';
    const threads = options.threads || Math.min(4, Math.max(1, availableParallelism() - 1));
    const cacheDir = join(options.dataDir, 'models');
    this.#thread = new ChatThread({ runtime, model, remote, cacheDir, threads }, options.logger);
    this.tokens = { exact: true, count: (text) => this.#count(text, remote ? null : model) };
  }

  async warm(): Promise<void> {
    await this.#thread.load();
    if (this.#own) await this.#count('', modelFolder(this.#options.model));
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  async logProbability(prompt: string, text: string): Promise<number | null> {
    return this.#own ? (await this.#thread.score(prompt, text)).logProbability : null;
  }

  async *stream(
    request: ModelRequest,
    options: { readonly signal: AbortSignal; readonly affinity: string; readonly rank?: RankHints },
  ): AsyncGenerator<ModelDelta> {
    const { signal, rank } = options;
    const written = this.#own && rank !== undefined ? await this.#written(request, rank) : null;
    if (written) {
      for (const word of wordByWord(written.text)) {
        signal.throwIfAborted();
        yield { type: 'text', text: word };
      }
      yield { type: 'done', finishReason: 'stop', stopReason: null, written: written.from };
      return;
    }
    const leave = await this.#queue.enter(signal);
    try {
      const ranked = this.#own && rank !== undefined && this.#options.candidates > 1;
      const job = jobOf(request, ranked ? this.#options.candidates : 1);
      for await (const answer of this.#thread.generate(job, signal)) {
        if (answer.type === 'text') yield { type: 'text', text: answer.text };
        else if (answer.type === 'generated') {
          leave(); // the thread is free for the next while this reply is ranked and read
          if (ranked) yield* this.#best(answer.generated, request, rank, signal);
          else yield doneDelta(answer.generated.candidates[0], answer.generated);
        }
      }
    } finally {
      leave();
    }
  }

  async *#best(
    generated: Generated,
    request: ModelRequest,
    rank: RankHints,
    signal: AbortSignal,
  ): AsyncGenerator<ModelDelta> {
    const { candidates } = generated;
    const relevance = await this.#relevance(candidates, rank);
    const context: RankContext = { ...rank, said: saidSoFar(request), relevance };
    const ranking = rankReplies(candidates, context);
    this.#options.logger.debug(
      { candidates: ranking.map(({ candidate, score, parts }) => ({ text: candidate.text, score, parts })) },
      'replies ranked',
    );
    const best = ranking[0]?.candidate;
    const text = best?.text.trim() ?? '';
    for (const word of wordByWord(best?.finishReason === 'length' ? wholeSentences(text) : text)) {
      signal.throwIfAborted();
      yield { type: 'text', text: word };
    }
    yield doneDelta(best, generated);
  }

  /** Cosines by the sentence encoder; null without one, or when it fails (said in the log, never to the person). */
  async #relevance(candidates: readonly Candidate[], rank: RankHints): Promise<Relevance | null> {
    const { encoder, logger } = this.#options;
    if (!encoder) return null;
    const { lastMessage, memory, goal } = rank;
    try {
      const hints = await encoder.encode([lastMessage, memory ?? '', goal ?? '']);
      const texts = candidates.map(({ text }) => text);
      const replies = await encoder.encode(texts, { remember: false });
      const against = (hint: Float32Array | undefined): number[] =>
        replies.map((reply) => (hint ? cosine(reply, hint) : 0));
      return {
        lastMessage: against(hints[0]),
        answer: await this.#answerFit(lastMessage, texts),
        memory: memory === null ? null : against(hints[1]),
        goal: goal === null ? null : against(hints[2]),
      };
    } catch (error) {
      logger.warn({ reason: reasonOf(error) }, 'replies are ranked without the sentence encoder');
      return null;
    }
  }

  /** A reply that was written beforehand; null without a bank, where none fits, or where it fails (said in the log). */
  async #written(request: ModelRequest, rank: RankHints): Promise<WrittenReply | null> {
    const { answers, logger } = this.#options;
    const { max_tokens: most = longestWritten } = request.body;
    if (!answers || most < longestWritten) return null;
    try {
      return await writtenReply(answers, rank, saidSoFar(request), this.#options.feel);
    } catch (error) {
      logger.warn({ reason: reasonOf(error) }, 'no answers were looked up in the bank');
      return null;
    }
  }

  /** By the trained ranker; null without one, or when it fails. */
  async #answerFit(message: string, replies: readonly string[]): Promise<readonly number[] | null> {
    const { ranker, logger } = this.#options;
    try {
      return ranker ? await ranker.fit(message, replies) : null;
    } catch (error) {
      logger.warn({ reason: reasonOf(error) }, 'replies are ranked without the reply ranker');
      return null;
    }
  }

  /** Counts with the folder's own tokenizer, else in the worker. */
  async #count(text: string, folder: string | null): Promise<number> {
    if (folder === null || !existsSync(join(folder, 'tokenizer.json')))
      return (await this.#thread.count(text)).tokens;
    this.#tokenizer ??= loadTokenizer(folder);
    const tokenizer = this.#tokenizer;
    return countInSlices(text, (slice) => tokenizer.encode(slice, { add_special_tokens: false }).ids.length);
  }
}

function modelFolder(model: string): string | null {
  const place = modelPlace(model);
  return 'folder' in place ? place.folder : null;
}

function jobOf({ endpoint, body }: ModelRequest, candidates: number): GenerateJob {
  const { stop = [] } = body;
  const prompt = endpoint === 'completions' ? body.prompt : body.messages;
  return { prompt, stop, candidates, decoding: requestedDecoding(body) };
}

function doneDelta(
  candidate: Candidate | undefined,
  { promptTokens, completionTokens }: Generated,
): ModelDelta {
  return {
    type: 'done',
    finishReason: candidate?.finishReason ?? 'stop',
    stopReason: candidate?.stopReason ?? null,
    usage: { promptTokens, completionTokens: candidate?.tokens.length || completionTokens },
  };
}
