import type {
  HistoryLine,
  MemoryCandidate,
  MemorySelection,
  MemorySelector,
} from '../../../src/memory/memory-selector.js';
import { BertThread } from './bert-thread.js';
import { BertTokens } from './bert-tokens.js';
import { readSelectorManifest, type SelectorManifest } from './manifests.js';

/**
 * CharacterChat's released info_selecter, converted: a pair regression of the conversation so far and one memory, a pass a
 * candidate (arXiv 2308.10278). Chooses above the threshold, which is 0. It was trained on whole conversations: let
 * `memory.historyLines` be large.
 */
export class CharacterChatSelector implements MemorySelector {
  readonly kind = 'characterchat-bert';
  readonly #manifest: SelectorManifest;
  readonly #tokens: BertTokens;
  readonly #thread: BertThread;

  private constructor(folder: string) {
    this.#manifest = readSelectorManifest(folder);
    this.#tokens = new BertTokens(folder, this.#manifest.maxTokens);
    this.#thread = new BertThread(folder);
  }

  /**
   * Loads a converted checkpoint and runs it once, so that broken files are found at start.
   * @throws RapportError RAPPORT_E_MODEL_FILE naming the file that is missing, changed or of another kind.
   */
  static async load(folder: string): Promise<CharacterChatSelector> {
    const selector = new CharacterChatSelector(folder);
    try {
      await selector.#score('', 'warm');
    } catch (error) {
      await selector.close();
      throw error;
    }
    return selector;
  }

  async select(
    history: readonly HistoryLine[],
    candidates: readonly MemoryCandidate[],
    k: number,
  ): Promise<MemorySelection> {
    const told = historyText(history);
    const considered = await Promise.all(
      candidates.map(async (candidate) => ({
        ...candidate,
        score: await this.#score(told, candidate.text),
      })),
    );
    considered.sort((a, b) => b.score - a.score);
    const chosen = considered.filter(({ score }) => score > this.#manifest.threshold).slice(0, k);
    return { chosen, considered };
  }

  /** Ends the thread. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  async #score(history: string, info: string): Promise<number> {
    const { ids, types } = this.#tokens.pair(history, info);
    const [score] = await this.#thread.run('model.onnx', {
      input_ids: ids,
      attention_mask: Array<number>(ids.length).fill(1),
      token_type_ids: types,
    });
    return score ?? 0;
  }
}

/** The conversation as the training data writes it: `supporter: … seeker: … ` on one line. */
export function historyText(history: readonly HistoryLine[]): string {
  return history.map(({ role, text }) => `${role}: ${text.replaceAll(/\s+/g, ' ').trim()} `).join('');
}
