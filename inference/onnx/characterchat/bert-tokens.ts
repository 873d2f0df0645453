import { join } from 'node:path';
import type { Tokenizer } from '@huggingface/tokenizers';
import { loadTokenizer } from '../encoder-graph.js';
import { unusable } from '../model-folder.js';

/** A pair of texts as BERT reads it. */
export interface PairTokens {
  readonly ids: readonly number[];
  /** 0 for the first text and its marks, 1 for the second and its `[SEP]`. */
  readonly types: readonly number[];
}

/** Texts as the token ids of a BERT, put together and cut as CharacterChat's code does. */
export class BertTokens {
  readonly #tokenizer: Tokenizer;
  readonly #max: number;
  readonly #cls: number;
  readonly #sep: number;
  readonly #pad: number;

  /** @throws RapportError RAPPORT_E_MODEL_FILE where the folder's tokenizer is missing or is no BERT's. */
  constructor(folder: string, max: number) {
    this.#tokenizer = loadTokenizer(folder);
    this.#max = max;
    const special = (token: string): number => {
      const id = this.#tokenizer.token_to_id(token);
      if (id === undefined) throw unusable(join(folder, 'tokenizer.json'), `there is no ${token} in it`);
      return id;
    };
    this.#cls = special('[CLS]');
    this.#sep = special('[SEP]');
    this.#pad = special('[PAD]');
  }

  /**
   * `[CLS] history [SEP] info [SEP]`. Of a history that is too long the first tokens are kept, as the selector was trained:
   * the oldest, which is the paper's code and not what one would choose.
   */
  pair(history: string, info: string): PairTokens {
    const room = this.#max - 3;
    const second = this.#ids(info).slice(0, room);
    const first = this.#ids(history).slice(0, room - second.length);
    return {
      ids: [this.#cls, ...first, this.#sep, ...second, this.#sep],
      types: [...Array<number>(first.length + 2).fill(0), ...Array<number>(second.length + 1).fill(1)],
    };
  }

  /** `[CLS] text [SEP]`, padded or cut to the whole window; a cut text loses its `[SEP]`. */
  padded(text: string): readonly number[] {
    const ids = [this.#cls, ...this.#ids(text), this.#sep].slice(0, this.#max);
    return [...ids, ...Array<number>(this.#max - ids.length).fill(this.#pad)];
  }

  #ids(text: string): number[] {
    return text === '' ? [] : this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }
}
