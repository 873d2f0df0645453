import type { TokenCounter } from './chat-model.js';

/**
 * An estimate of token counts on the safe side for LLaMA's, GPT's and similar vocabularies, for when no tokenizer is at
 * hand. Words cost a token per three letters, capitals and very long words (keys, hashes) more, digits and signs one
 * each; everything outside ASCII costs its UTF-8 bytes, the most a byte-level vocabulary can ask.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(/[A-Z]?[a-z]+|[A-Z]+|[ \t]+|[\x21-\x7E\n]|[^\x20-\x7E\n\t]+/g)) {
    const first = piece.charCodeAt(0);
    if (first > 0x7e || first < 0x09) tokens += Buffer.byteLength(piece);
    else if (first === 0x20 || first === 0x09) tokens += Math.ceil((piece.length - 1) / 2);
    else if (piece.length === 1) tokens += 1;
    else if (/^[A-Z]+$/.test(piece) || piece.length > 14) tokens += Math.ceil(piece.length / 1.5);
    else tokens += Math.ceil(piece.length / 3);
  }
  return tokens;
}

export const tokenEstimate: TokenCounter = {
  exact: false,
  count: async (text) => estimateTokens(text),
};
