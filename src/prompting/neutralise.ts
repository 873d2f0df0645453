/** Names that are control tags in angle brackets in one prompt format or chat template or another. */
const tagNames = [
  'SYSTEM|SYS|SEEKER|SUPPORTER|USER|ASSISTANT|HUMAN|BOT|s|bos|eos|unk|pad|cls|sep|mask|eod|eop|sop|gmask|turn-notes|character-card',
  '(?:start|end)_of_(?:turn|image|utterance|audio)|fim_[a-z]{1,10}|unused\\d{1,4}|extra_id_\\d{1,4}|image_soft_token',
  'reserved_\\d{1,4}|tokens_unused_\\d{1,4}|image|video|audio|eo[ahmpt]',
  'think|thinking|thoughts?|reasoning|reflection|(?:seed|mm|minimax):[a-z_]{1,20}|(?:start|end)_(?:header|thinking)(?:_id)?',
].join('|');
/** Names of tags that are written with attributes too. */
const toolNames =
  'tools?|tool_(?:calls?|response|results?|declare)|function(?:s|_calls?|_results?)?|invoke|parameter';
const open = '[<＜﹤]';
const close = '[>＞﹥]';
const angleTag = new RegExp(
  `${open}(?=\\s{0,3}/?\\s{0,3}(?:(?:${tagNames})\\s{0,3}/?\\s{0,3}${close}|(?:${toolNames})(?:[\\s=:/][^<>\\n]{0,80})?${close}))`,
  'gi',
);
const control = /[^\P{Cc}\n\t]/gu;
/** Most text has none of this and is passed through. */
const suspect = /[<＜﹤[［◁\p{Surrogate}]|[^\P{Cc}\n\t]/u;
const pipeTag = /[<＜﹤](?=[|｜│∣])|◁(?=\/?think▷)/g;
/** Mistral's, BERT's, GLM's and our own. */
const squareNames =
  'INST|SYSTEM_PROMPT|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|AVAILABLE_TOOLS|ARGS|CALL_ID|THINK|IMG|IMG_BREAK|IMG_END|AUDIO|PREFIX|MIDDLE|SUFFIX|CLS|SEP|MASK|PAD|UNK|BOS|EOS|gMASK|sMASK';
const squareTag = new RegExp(
  `[[［](?=\\s{0,3}(?:INFO\\s{0,3}-|e~\\[|UNUSED_TOKEN_\\d{1,4}\\]|/?\\s{0,3}(?:${squareNames})\\s{0,3}[\\]］]))`,
  'gi',
);

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
