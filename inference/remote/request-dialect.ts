import type { ChatMessage, ModelRequest } from '../../src/prompting/chat-model.js';
import type { ServerError } from './server-error.js';

/** Fields beyond the OpenAI API that vLLM, FastChat, llama.cpp and others know. */
const extensions = ['top_k', 'min_p', 'repetition_penalty', 'repeat_penalty'] as const;
/** Templates without a system role (Gemma 2, some Mistral) say so in one of these ways. */
const noSystemRole =
  /system role (?:is )?not supported|does not support (?:the )?system (?:role|message|prompt)|unsupported.{0,20}system|roles must alternate|only user and assistant roles/i;
/** Fields a server may do without: what they steer is lost, the reply is not. Stop strings are kept by the stop guard. */
const dispensable = [
  'stream_options',
  ...extensions,
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
  'temperature',
  'top_p',
] as const;
const unknownField =
  /unknown|unrecogni[sz]ed|unexpected|unsupported|not supported|does not support|not permitted|not allowed|forbidden|extra (field|input)|invalid (field|parameter|argument)/i;
/** OpenAI accepts at most this many stop strings; the stop guard minds the others. */
const openAiStops = 4;

/** How one server wants its requests: learnt from what it refuses, remembered for the next request. */
export class RequestDialect {
  readonly #dropped = new Set<string>();
  readonly #strict: boolean;
  /** The model's template has no system role: its text stands in the first message of the person. */
  #systemInUser = false;
  #maxCompletionTokens: boolean;

  /** @param strictOpenAi send only what the public OpenAI API knows. */
  constructor(strictOpenAi: boolean) {
    this.#strict = strictOpenAi;
    this.#maxCompletionTokens = strictOpenAi;
    if (strictOpenAi) for (const field of extensions) this.#dropped.add(field);
  }

  /** The body to send for a request. */
  body(request: ModelRequest): Readonly<Record<string, unknown>> {
    const { stop, max_tokens: maxTokens, ...rest } = request.body;
    const stops = this.#strict ? stop?.slice(0, openAiStops) : stop;
    const limit =
      this.#maxCompletionTokens && request.endpoint === 'chat/completions'
        ? 'max_completion_tokens'
        : 'max_tokens';
    const body: Record<string, unknown> = {
      ...rest,
      ...(this.#systemInUser && 'messages' in rest && { messages: withoutSystem(rest.messages) }),
      // llama.cpp's name for what vLLM calls repetition_penalty; each passes over the other's.
      ...('repetition_penalty' in rest && { repeat_penalty: rest.repetition_penalty }),
      [limit]: maxTokens,
      ...(stops && stops.length > 0 ? { stop: stops } : {}),
      stream: true,
      stream_options: { include_usage: true },
    };
    for (const field of this.#dropped) delete body[field];
    return body;
  }

  /** Learns from a refusal; true when the request is worth sending again in its new form. */
  learn(error: ServerError, sent: Readonly<Record<string, unknown>>): boolean {
    const words = `${error.param ?? ''} ${error.message}`;
    if ('messages' in sent && 'max_tokens' in sent && words.includes('max_completion_tokens')) {
      this.#maxCompletionTokens = true;
      return true;
    }
    if (!this.#systemInUser && 'messages' in sent && noSystemRole.test(words)) {
      this.#systemInUser = true;
      return true;
    }
    if (!unknownField.test(`${words} ${error.code ?? ''}`)) return false;
    const named = dispensable.filter((field) => field in sent && mentions(words, field));
    for (const field of named) this.#dropped.add(field);
    return named.length > 0;
  }
}

function withoutSystem(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const [first, ...others] = messages.filter(({ role }) => role !== 'system');
  if (system.length === 0) return messages;
  const text = system.join('\n\n');
  return first?.role === 'user'
    ? [{ role: 'user', content: `${text}\n\n${first.content}` }, ...others]
    : [{ role: 'user', content: text }, ...(first ? [first] : []), ...others];
}

function mentions(words: string, field: string): boolean {
  if (field === 'stream_options' && words.includes('include_usage')) return true;
  return new RegExp(`(?<![\\w])${field}(?![\\w])`).test(words);
}
