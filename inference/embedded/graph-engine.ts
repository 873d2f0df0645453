import { join } from 'node:path';
import type { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { RapportError, reasonOf } from '../../config/errors.js';
import { promptFormatSchema } from '../../config/prompt-format.js';
import { loadTokenizer } from '../onnx/encoder-graph.js';
import { readJsonFile, readManifest, unusable, verifyFiles } from '../onnx/model-folder.js';
import type { Candidate, ChatWorkerSettings, Generated, GenerateJob } from './chat-messages.js';
import { type Decoder, loadDecoder, type Rows } from './decoder.js';
import { type Decoding, generationConfigSchema, ownDecoding, plainDecoding } from './decoding.js';
import { drawToken, logProbabilityOf, seededRandom } from './sampler.js';
import { StopScanner } from './stop-scanner.js';
import { type EngineEvents, replyRoom, type TextEngine } from './text-engine.js';

/** What the manifest of a chat model of ours adds to the common part of model.json. */
export const chatManifestSchema = z.looseObject({
  family: z.literal('llama'),
  format: promptFormatSchema,
  controlTags: z.boolean().default(false),
  contextTokens: z.int().min(64),
  /** The graph below the folder; its weights may lie in shards beside it. */
  graph: z.string().min(1).default('onnx/model_quantized.onnx'),
  /** Trained here and small: said plainly wherever it speaks. */
  demo: z.boolean().default(true),
  decoding: generationConfigSchema.default({}),
});

/** After so long, what is finished or has a whole sentence must do, ms: the first text should come within 1.5 s. */
const samplingBudgetMs = 1_100;

interface Row {
  readonly tokens: number[];
  readonly scanner: StopScanner;
  text: string;
  pending: number[];
  logProbability: number;
}

/**
 * Runs a decoder of ours directly on onnxruntime: the prompt is read once, its cache copied to as many rows as
 * candidates are wanted, and all rows are sampled in one batch.
 */
export class GraphEngine implements TextEngine {
  readonly contextTokens: number;
  readonly #name: string;
  readonly #decoder: Decoder;
  readonly #tokenizer: Tokenizer;
  readonly #decoding: Decoding;
  readonly #ends: readonly number[];
  readonly #banned: readonly number[];

  private constructor(folder: string, decoder: Decoder) {
    const manifest = readManifest(folder, chatManifestSchema);
    const config = generationConfigSchema.parse(readJsonFile(join(folder, 'generation_config.json')));
    this.contextTokens = manifest.contextTokens;
    this.#name = manifest.name;
    this.#decoder = decoder;
    this.#tokenizer = loadTokenizer(folder);
    this.#decoding = { ...plainDecoding, ...ownDecoding(config), ...ownDecoding(manifest.decoding) };
    this.#ends = [config.eos_token_id ?? []].flat();
    this.#banned =
      config.pad_token_id === undefined || config.pad_token_id === null ? [] : [config.pad_token_id];
  }

  /** @throws RapportError RAPPORT_E_MODEL_FILE naming the file. */
  static async load({ model: folder, threads }: ChatWorkerSettings): Promise<GraphEngine> {
    const manifest = readManifest(folder, chatManifestSchema);
    await verifyFiles(folder, manifest);
    const file = join(folder, manifest.graph);
    try {
      return new GraphEngine(folder, await loadDecoder(file, threads));
    } catch (error) {
      throw error instanceof RapportError ? error : unusable(file, reasonOf(error), error);
    }
  }

  count(text: string): number {
    return this.#encode(text).length;
  }

  async generate(job: GenerateJob, events: EngineEvents): Promise<Generated> {
    const ids = this.#promptIds(job.prompt);
    const room = replyRoom(ids.length, this.contextTokens, this.#name);
    const decoding = { ...this.#decoding, ...job.decoding };
    const limit = Math.min(room, decoding.maxTokens);
    const random = seededRandom(decoding.seed ?? Math.floor(Math.random() * 2 ** 32));
    const streaming = job.candidates === 1;
    const started = performance.now();
    let state = await this.#decoder.begin(ids, job.candidates, limit);
    let rows = Array.from({ length: job.candidates }, (): Row => newRow(job.stop));
    const finished: Candidate[] = [];
    let completionTokens = 0;
    for (let length = 0; rows.length > 0; length += 1) {
      events.signal.throwIfAborted();
      if (!streaming && performance.now() - started > samplingBudgetMs) {
        finished.push(...rows.filter(hasSentence).map((row) => candidateOf(row, 'length', null)));
        if (finished.length > 0) break;
        [state, rows] = likeliest(state, rows);
      }
      const going: number[] = [];
      for (const [index, row] of rows.entries()) {
        const logits = state.logits[index] ?? new Float32Array(0);
        const banned = length === 0 ? [...this.#banned, ...this.#ends] : this.#banned;
        const { token, logProbability } = drawToken(logits, row.tokens, banned, decoding, random);
        row.logProbability += logProbability;
        completionTokens += 1;
        const ended = this.#ends.includes(token);
        const fresh = ended ? '' : this.#append(row, token);
        if (streaming && fresh !== '') events.onText(fresh);
        if (!ended && row.scanner.stopped === null && row.tokens.length < limit) {
          going.push(index);
          continue;
        }
        const rest = this.#flush(row);
        if (streaming && rest !== '') events.onText(rest);
        const stopReason =
          row.scanner.stopped ?? (ended ? (this.#tokenizer.id_to_token(token) ?? null) : null);
        finished.push(candidateOf(row, stopReason === null ? 'length' : 'stop', stopReason));
      }
      if (going.length === 0) break;
      if (going.length < rows.length) state = state.pick(going);
      rows = going.map((index) => rows[index] as Row);
      state = await state.step(rows.map((row) => row.tokens.at(-1) ?? 0));
    }
    return { candidates: finished, promptTokens: ids.length, completionTokens };
  }

  async logProbability(prompt: string, text: string): Promise<number | null> {
    const given = this.#encode(prompt);
    const ids = [...given, ...this.#encode(text), ...this.#ends.slice(0, 1)];
    if (ids.length > this.contextTokens) return null;
    const logits = await this.#decoder.logits(ids);
    let sum = 0;
    for (let place = given.length; place < ids.length; place += 1)
      sum += logProbabilityOf(logits[place - 1] ?? new Float32Array(0), ids[place] ?? 0);
    return sum;
  }

  #promptIds(prompt: GenerateJob['prompt']): readonly number[] {
    if (typeof prompt === 'string') return this.#encode(prompt);
    const ids = prompt.filter((id) => typeof id === 'number');
    if (ids.length === prompt.length) return ids;
    throw new RapportError('RAPPORT_E_MODEL_REFUSED', {
      status: 400,
      reason: `${this.#name} has no chat template; it is asked through completions`,
    });
  }

  #encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  /** Adds a token and returns the text that may be shown. Bytes of an unfinished character wait. */
  #append(row: Row, token: number): string {
    row.tokens.push(token);
    row.pending.push(token);
    const decoded = this.#tokenizer.decode(row.pending, { skip_special_tokens: true });
    if (decoded.endsWith('\ufffd')) return '';
    row.pending = [];
    const fresh = row.scanner.push(decoded);
    row.text += fresh;
    return fresh;
  }

  #flush(row: Row): string {
    const rest = row.scanner.finish();
    row.text += rest;
    return rest;
  }
}

function newRow(stop: readonly string[]): Row {
  return { tokens: [], scanner: new StopScanner(stop), text: '', pending: [], logProbability: 0 };
}

function candidateOf(
  row: Row,
  finishReason: Candidate['finishReason'],
  stopReason: string | null,
): Candidate {
  const { text, tokens, logProbability } = row;
  // The token that ended the reply counts too: its probability is in the sum.
  const drawn = tokens.length + Number(finishReason === 'stop');
  return { text, tokens, meanLogProbability: logProbability / Math.max(1, drawn), finishReason, stopReason };
}

/** Whether the text so far can be shown up to its last whole sentence. */
function hasSentence({ text }: Row): boolean {
  return /\S+\s+\S+\s+\S+[.!?…](\s|$)/u.test(text);
}

/** The row with the highest mean log-probability so far. */
function likeliest(state: Rows, rows: Row[]): [Rows, Row[]] {
  if (rows.length === 1) return [state, rows];
  const mean = ({ logProbability, tokens }: Row): number => logProbability / Math.max(1, tokens.length);
  const best = rows.reduce((kept, row, index) => (mean(row) > mean(rows[kept] as Row) ? index : kept), 0);
  return [state.pick([best]), [rows[best] as Row]];
}
