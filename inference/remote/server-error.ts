/** What a model server says about a request it did not serve, whichever dialect it says it in. */
export interface ServerError {
  readonly message: string;
  /** HTTP-like status or the server's own code (`context_length_exceeded`, FastChat's 40303). */
  readonly code?: string | number;
  readonly type?: string;
  /** The request field that was at fault. */
  readonly param?: string;
  /** Tokens of the prompt and of the window, where the server names them. */
  readonly promptTokens?: number;
  readonly windowTokens?: number;
}

const maxMessageChars = 2_000;

/**
 * Reads the error in a JSON value: OpenAI and vLLM `{error: {message, type, code, param}}`, Ollama `{error: text}`,
 * older vLLM and FastChat `{object: 'error', message, code}`, FastChat mid-stream `{text, error_code}`, FastAPI
 * `{detail}`. Null when the value holds none.
 */
export function readServerError(value: unknown): ServerError | null {
  if (!isRecord(value)) return null;
  const { error, detail } = value;
  if (typeof error === 'string') return { message: clip(error) };
  if (isRecord(error)) return fields(error);
  if (isPresent(value.error_code))
    return fields({ message: value.text ?? value.message, code: value.error_code });
  if (value.object === 'error') return fields(value);
  if (typeof detail === 'string') return { message: clip(detail) };
  if (Array.isArray(detail)) return { message: clip(detail.map(describeDetail).join('; ')) };
  return null;
}

/** Whether the server refused the request because prompt and reply do not fit the window. */
export function isContextOverflow(error: ServerError): boolean {
  const named = `${error.code ?? ''} ${error.type ?? ''}`;
  if (/\b(context_length_exceeded|exceed_context_size_error|40303)\b/.test(named)) return true;
  return overflowWords.some((words) => words.test(error.message));
}

/** Whether a content filter of the provider refused the request (Azure OpenAI, OpenAI, DeepSeek). */
export function isFiltered(error: ServerError | null): boolean {
  const named = `${error?.code ?? ''} ${error?.type ?? ''}`;
  return (
    /content_?filter|content_policy|ResponsibleAIPolicyViolation|moderation_blocked/i.test(named) ||
    /content management policy|content exists risk/i.test(error?.message ?? '')
  );
}

/** Whether the account of the operator is used up at the provider: no waiting helps (OpenAI, Azure, DeepSeek, OpenRouter, Anthropic). */
export function isSpent(error: ServerError, status: number | undefined): boolean {
  if (status === 402) return true;
  if (status !== undefined && status !== 429 && status !== 403 && status !== 400) return false;
  const named = `${error.code ?? ''} ${error.type ?? ''}`;
  return (
    /insufficient_(?:quota|balance|credits|funds)|billing_(?:hard_limit_reached|not_active)|\bcredit_?limit/i.test(
      named,
    ) ||
    /exceeded your current quota|insufficient (?:quota|balance|credits?|funds)|credit balance is too low|billing hard limit/i.test(
      error.message,
    )
  );
}

/** How servers say it: vLLM and OpenAI, llama.cpp, LM Studio, Ollama, TGI, Anthropic-like and llama-cpp-python in turn. */
const overflowWords: readonly RegExp[] = [
  /maximum context length|model's context length|maximum (?:sequence|model|input) length/i,
  /(?:available|exceeds? the) context (?:size|length)|n_keep: *\d+ *>= *n_ctx/i,
  /loaded with context length|context length currently available|context (?:length|size) exceeded/i,
  /input length exceeds|exceed(?:s|ed)? (?:the )?context|context window/i,
  /inputs` tokens \+ `max_new_tokens|inputs` must have less than/i,
  /prompt is too long|input is too long|too many (?:input |prompt )?tokens/i,
];

/** Prompt and window sizes from the error's fields or its words; null where the server does not say. */
export function overflowSizes(error: ServerError): {
  readonly tokens: number | null;
  readonly window: number | null;
} {
  const { message } = error;
  const window = firstNumber(message, [
    /context length (?:is|of)(?: only)? (\d+)/i,
    /context (?:size|window) \((\d+)/i,
    /context length \((\d+)/i,
    /context length of(?: only)? (\d+)/i,
    /n_ctx: *(\d+)/i,
    /context (?:length|size|window) (?:of |limit |currently available )?\(?(\d+)/i,
    /maximum (?:sequence|model|input) length (?:is |of )?\(?(\d+)/i,
    /must be <= (\d+)/i,
  ]);
  const tokens = firstNumber(message, [
    /requested (\d+) tokens/i,
    /has (\d+) input tokens/i,
    /request \((\d+) tokens\)/i,
    /resulted in (\d+) tokens/i,
    /input \((\d+) tokens\)/i,
    /n_keep: *(\d+)/i,
    /prompt is too long: (\d+)/i,
  ]);
  return { tokens: error.promptTokens ?? tokens, window: error.windowTokens ?? window };
}

function fields(error: Readonly<Record<string, unknown>>): ServerError {
  const { message, code, type, param, n_prompt_tokens: promptTokens, n_ctx: windowTokens } = error;
  return {
    message: clip(typeof message === 'string' ? message : JSON.stringify(message ?? error)),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof param === 'string' ? { param } : {}),
    ...(typeof promptTokens === 'number' ? { promptTokens } : {}),
    ...(typeof windowTokens === 'number' ? { windowTokens } : {}),
  };
}

/** One entry of FastAPI's validation report. */
function describeDetail(entry: unknown): string {
  if (!isRecord(entry)) return String(entry);
  const place = Array.isArray(entry.loc) ? `${entry.loc.join('.')}: ` : '';
  return `${place}${String(entry.msg ?? entry.type ?? '')}`;
}

function firstNumber(text: string, patterns: readonly RegExp[]): number | null {
  for (const pattern of patterns) {
    const digits = pattern.exec(text)?.[1];
    if (digits !== undefined) return Number(digits);
  }
  return null;
}

function clip(text: string): string {
  return text.slice(0, maxMessageChars);
}

function isPresent(code: unknown): boolean {
  return code !== undefined && code !== null && code !== 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
