import type { Behaviour } from './behaviour.js';
import type { Plan } from './plan.js';

/** The JSON of one completion, chat or raw, streamed or whole. */
export class ChunkWriter {
  readonly #chat: boolean;
  readonly #behaviour: Behaviour;
  readonly #plan: Plan;
  readonly #head: string;
  readonly #askedUsage: boolean;

  constructor(settings: {
    chat: boolean;
    model: string;
    id: number;
    behaviour: Behaviour;
    plan: Plan;
    askedUsage: boolean;
  }) {
    this.#chat = settings.chat;
    this.#behaviour = settings.behaviour;
    this.#plan = settings.plan;
    this.#askedUsage = settings.askedUsage;
    const object = settings.chat ? 'chat.completion.chunk' : 'text_completion';
    const head = { id: `cmpl-${settings.id}`, object, created: 0, model: settings.model };
    this.#head = JSON.stringify(head).slice(0, -1);
  }

  /** The chunk that opens a chat stream, or null. */
  role(): string | null {
    if (!this.#chat || this.#behaviour.role === 'none') return null;
    const content = this.#behaviour.role === 'empty' ? '""' : 'null';
    return this.#choice(`"delta":{"role":"assistant","content":${content}}`, 'null', 0);
  }

  text(index: number): string {
    const text = JSON.stringify(this.#plan.tokens[index] ?? '');
    const last = index === this.#plan.tokens.length - 1 && this.#behaviour.finish === 'with-text';
    const finish = last ? this.#finishFields() : 'null';
    const field = index < this.#plan.thoughts ? 'reasoning_content' : 'content';
    return this.#choice(this.#chat ? `"delta":{"${field}":${text}}` : `"text":${text}`, finish, index + 1);
  }

  /** The chunk that carries only the finish reason, or null where it travels with the text or never. */
  finish(): string | null {
    if (this.#behaviour.finish === 'none') return null;
    if (this.#behaviour.finish === 'with-text' && this.#plan.tokens.length > 0) return null;
    return this.#choice(
      this.#chat ? '"delta":{}' : '"text":""',
      this.#finishFields(),
      this.#plan.tokens.length,
    );
  }

  /** The last chunk with empty choices, or null. */
  usage(): string | null {
    if (this.#behaviour.usage === 'never' || !this.#askedUsage) return null;
    return `${this.#head},"choices":[],"usage":${this.#usage(this.#plan.tokens.length)}}`;
  }

  /** The whole completion as one object, for requests that are not streamed. */
  whole(): string {
    const text = JSON.stringify(this.#plan.tokens.slice(this.#plan.thoughts).join(''));
    const content = this.#chat ? `"message":{"role":"assistant","content":${text}}` : `"text":${text}`;
    const choice = `{"index":0,${content},"finish_reason":${this.#finishFields()}}`;
    return `${this.#head},"choices":[${choice}],"usage":${this.#usage(this.#plan.tokens.length)}}`;
  }

  #choice(content: string, finish: string, sent: number): string {
    const usage = this.#behaviour.usage === 'each' ? `,"usage":${this.#usage(sent)}` : '';
    return `${this.#head},"choices":[{"index":0,${content},"finish_reason":${finish}}]${usage}}`;
  }

  #finishFields(): string {
    const reason = JSON.stringify(this.#plan.finishReason);
    return this.#behaviour.stopReason
      ? `${reason},"stop_reason":${JSON.stringify(this.#plan.stopReason)}`
      : reason;
  }

  #usage(completion: number): string {
    const prompt = this.#plan.promptTokens;
    return JSON.stringify({
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
    });
  }
}
