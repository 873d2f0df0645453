/** Names that are control tags in angle brackets in one prompt format or chat template or another. */
const tagNames = 'SYSTEM|SYS|SEEKER|SUPPORTER|s|bos|eos|unk|pad|start_of_turn|end_of_turn|turn-notes|think';
const angleTag = new RegExp(`<(?=\\s{0,3}/?\\s{0,3}(?:${tagNames})\\s{0,3}>)`, 'gi');
const control = /[^\P{Cc}\n\t]/gu;
/** Most text has none of this and is passed through. */
const suspect = /[<[\p{Surrogate}]|[^\P{Cc}\n\t]/u;
const pipeTag = /<(?=[|｜])/g;
const squareTag = /\[(?=\s{0,3}(?:INFO\s{0,3}-|\/?\s{0,3}INST\s{0,3}\]))/gi;

/**
 * Takes the power from control tags that a person (or a character card) wrote, so that no text can forge a turn.
 * The opening bracket of a tag of ANY format is replaced by one that no tokenizer or template knows: `<` by `‹`
 * (U+2039, stable under NFKC) and `[` by `(`. Nothing else of the text changes, except that control characters but
 * tab and newline are dropped and lone surrogates become U+FFFD. Idempotent.
 */
export function neutralise(text: string): string {
  if (!suspect.test(text)) return text;
  return text
    .replace(control, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(angleTag, '‹')
    .replace(pipeTag, '‹')
    .replace(squareTag, '(');
}

/** Neutralised text for CharacterChat's INFO block, which ends at the first `]`: brackets become parentheses. */
export function neutraliseInBrackets(text: string): string {
  return neutralise(text).replaceAll('[', '(').replaceAll(']', ')');
}

/** A name fit for a line header: one line, none of `:()[]<>*`, at most 40 units; `fallback` when nothing is left. */
export function headerName(name: string | undefined, fallback: string): string {
  const clean = neutralise(name ?? '')
    .replace(/[:()[\]<>*]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return [...clean].slice(0, 40).join('').trim() || fallback;
}
