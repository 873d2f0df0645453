import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { RapportError, reasonOf } from '../../config/errors.js';
import type { TokenCounter, TokenEncoder } from '../../src/prompting/chat-model.js';

/**
 * Counts and encodes with a model's own tokenizer.json (or the folder that holds it), without special tokens.
 * @throws RapportError RAPPORT_E_MODEL_FILE when it cannot be read or used.
 */
export function localTokenizer(path: string): TokenCounter & TokenEncoder {
  try {
    const file = statSync(path).isDirectory() ? join(path, 'tokenizer.json') : path;
    const settings = join(dirname(file), 'tokenizer_config.json');
    const tokenizer = new Tokenizer(readJson(file), existsSync(settings) ? readJson(settings) : {});
    const encode = (text: string): readonly number[] =>
      tokenizer.encode(text, { add_special_tokens: false }).ids;
    return { exact: true, encode, count: async (text) => encode(text).length };
  } catch (error) {
    throw new RapportError('RAPPORT_E_MODEL_FILE', { file: path, reason: reasonOf(error) }, error);
  }
}

function readJson(file: string): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}
