import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Character } from '../../../characters/schema.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { FitText, LearnedFit } from '../persona-score/learned-fit.js';
import { readFloatCache, writeFloatCache } from '../vector-cache.js';
import { cosine } from '../vector-matrix.js';
import { BertThread } from './bert-thread.js';
import { BertTokens } from './bert-tokens.js';
import { type PersonaScoreManifest, readPersonaScoreManifest } from './manifests.js';

interface FitFolders {
  /** Holds `cache/`. */
  readonly dataDir: string;
  readonly logger: Logger;
}

/**
 * CharacterChat's released persona_score, converted: a line through the cosine of two BERTs' pooled outputs (arXiv
 * 2308.10278). A supporter costs one pass of the whole window, once: its vector is kept on disk.
 */
export class CharacterChatFit implements LearnedFit {
  readonly slow = true;
  readonly #manifest: PersonaScoreManifest;
  readonly #tokens: BertTokens;
  readonly #thread: BertThread;
  readonly #folders: FitFolders;
  /** Of the supporters' graph and tokenizer: their vectors are valid as long as it is the same. */
  readonly #fingerprint: string;

  private constructor(folder: string, folders: FitFolders) {
    const manifest = readPersonaScoreManifest(folder);
    this.#manifest = manifest;
    this.#tokens = new BertTokens(folder, manifest.maxTokens);
    this.#thread = new BertThread(folder);
    this.#folders = folders;
    this.#fingerprint = JSON.stringify([
      manifest.sha256[manifest.towers.supporter],
      manifest.sha256['tokenizer.json'],
    ]);
  }

  /**
   * Loads a converted checkpoint and runs it once, so that broken files are found at start.
   * @throws RapportError RAPPORT_E_MODEL_FILE naming the file that is missing, changed or of another kind.
   */
  static async load(folder: string, folders: FitFolders): Promise<CharacterChatFit> {
    const fit = new CharacterChatFit(folder, folders);
    try {
      await fit.#vector(fit.#manifest.towers.seeker, 'warm', true);
    } catch (error) {
      await fit.close();
      throw error;
    }
    return fit;
  }

  /** The rating of two texts that have nothing in common. */
  get mean(): number {
    return this.#manifest.intercept;
  }

  async supporters(characters: readonly Character[]): Promise<Float32Array[]> {
    const { dataDir, logger } = this.#folders;
    const file = join(dataDir, 'cache', 'characterchat-fit.bin');
    const { dimension } = this.#manifest;
    const cached = await readFloatCache(file, dimension, logger);
    const vectors = new Map<string, Float32Array>();
    const hashes = characters.map(({ supporterStatement }) => this.#hash(supporterStatement));
    for (const [index, hash] of hashes.entries())
      vectors.set(hash, cached.get(hash) ?? (await this.#supporter(characters[index] as Character)));
    if (vectors.size !== cached.size || hashes.some((hash) => !cached.has(hash)))
      await writeFloatCache(file, vectors, dimension, logger);
    return hashes.map((hash) => vectors.get(hash) as Float32Array);
  }

  seeker({ text }: FitText): Promise<Float32Array> {
    return this.#vector(this.#manifest.towers.seeker, text, true);
  }

  rating(seeker: Float32Array, supporter: Float32Array): number {
    const { slope, intercept } = this.#manifest;
    return slope * cosine(seeker, supporter) + intercept;
  }

  /** Ends the thread. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  #supporter({ supporterStatement }: Character): Promise<Float32Array> {
    return this.#vector(this.#manifest.towers.supporter, supporterStatement, false);
  }

  #vector(graph: string, text: string, urgent: boolean): Promise<Float32Array> {
    return this.#thread.run(graph, { input_ids: this.#tokens.padded(text) }, { urgent });
  }

  #hash(statement: string): string {
    return createHash('sha256')
      .update(JSON.stringify([this.#fingerprint, statement]))
      .digest('base64url')
      .slice(0, 22);
  }
}
