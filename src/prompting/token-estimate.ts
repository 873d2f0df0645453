import type { TokenCounter } from './chat-model.js';

/** Keys, hashes, long addresses; a word; a run of one sign class; what lies outside ASCII. */
const pieces = /\S{25,}|[A-Z]?[a-z]+|[A-Z]+|[ \t]+|\n|[\x21-\x7E]|[^\x20-\x7E\n\t]+/g;
/** Abbreviations and mashed keys: no vowel, or four consonants in a row. */
const unspeakable = /^[^aeiouy]{2,}$|[^aeiouy]{4}/i;

/**
 * An estimate of token counts on the safe side for LLaMA's, GPT's and similar vocabularies, for when no tokenizer is at
 * hand. English words cost a token per three letters, words of a text with foreign letters one per two, capitals and
 * what cannot be spoken more, digits and signs one each; everything outside ASCII costs its UTF-8 bytes, the most a
 * byte-level vocabulary can ask.
 */
export function estimateTokens(text: string): number {
  const lettersPerToken = isForeign(text) ? 2 : 3;
  let tokens = 0;
  for (const match of text.matchAll(pieces)) {
    const [piece] = match;
    const { length } = piece;
    const code = piece.charCodeAt(0);
    if (length >= 25 && piece.trim() !== '') tokens += longRun(piece);
    else if (code === 0x20 || code === 0x09)
      tokens += startsWord(text, match.index + length) ? length - 1 : length;
    else if (code > 0x7e || code < 0x20) tokens += piece === '\n' ? 1 : Buffer.byteLength(piece);
    else if (length === 1) tokens += 1;
    else if (unspeakable.test(piece) || /^[A-Z]+$/.test(piece)) tokens += Math.ceil(length / 1.5);
    else tokens += Math.ceil(length / lettersPerToken);
  }
  return tokens;
}

function isForeign(text: string): boolean {
  if (!/[^ -~\s]/.test(text)) return false;
  return (text.match(/(?![a-z])\p{L}/giu) ?? []).length > text.length * 0.02;
}

function longRun(piece: string): number {
  return /^[a-z]+$/i.test(piece) ? Math.ceil(piece.length / 1.5) : Buffer.byteLength(piece);
}

/** A blank before a word belongs to the word's token. */
function startsWord(text: string, index: number): boolean {
  return /[a-z]/i.test(text.charAt(index));
}

export const tokenEstimate: TokenCounter = {
  exact: false,
  count: async (text) => estimateTokens(text),
};
