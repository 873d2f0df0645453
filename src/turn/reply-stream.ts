import { displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { type FittedPrompt, fitPrompt, tighterShare } from '../prompting/budget.js';
import type { PromptTurn } from '../prompting/prompt-input.js';
import type { Tracer } from './trace.js';
import type { ReplyPlan } from './turn.js';
import type { TurnServices } from './turn-services.js';

/**
 * One reply as the model speaks it: asks, cleans the stream, and asks again where that is called for — once with a tighter
 * prompt when the server says it was too long, boundedly after a thought (Character-LLM speaks or thinks a turn at a time)
 * and after an empty reply.
 */
export class ReplyStream {
  readonly #plan: ReplyPlan;
  readonly #services: TurnServices;
  readonly #tracer: Tracer;
  #fitted: FittedPrompt | null = null;
  #ttftMs: number | null = null;
  #attempts = 0;
  #finishReason = 'none';
  #completionTokens: number | null = null;
  readonly #thoughts: PromptTurn[] = [];

  constructor(plan: ReplyPlan, services: TurnServices, tracer: Tracer) {
    this.#plan = plan;
    this.#services = services;
    this.#tracer = tracer;
  }

  get thoughts(): readonly PromptTurn[] {
    return this.#thoughts;
  }

  /** For the trace. */
  get report(): {
    readonly fitted: FittedPrompt | null;
    readonly ttftMs: number;
    readonly attempts: number;
    readonly finishReason: string;
    readonly completionTokens: number | null;
  } {
    return {
      fitted: this.#fitted,
      ttftMs: this.#ttftMs ?? 0,
      attempts: this.#attempts,
      finishReason: this.#finishReason,
      completionTokens: this.#completionTokens,
    };
  }

  /**
   * The spoken text, clean, piece by piece.
   * @throws RapportError RAPPORT_E_MODEL_EMPTY when nothing speakable came; and what {@link ChatModel.stream} throws.
   */
  async *deltas(signal: AbortSignal): AsyncGenerator<string> {
    const { thinkingRetries, modelRetries } = this.#services.config.turn;
    let tighter: number | undefined;
    let empty = 0;
    for (;;) {
      let spoke = false;
      let thought = '';
      try {
        for await (const { action, text } of this.#ask(signal, tighter)) {
          if (action === 'thinking') thought += text;
          else {
            spoke = true;
            this.#ttftMs ??= this.#tracer.elapsedMs;
            yield text;
          }
        }
      } catch (error) {
        const tooLong = error instanceof RapportError && error.code === 'RAPPORT_E_CONTEXT_OVERFLOW';
        if (!tooLong || spoke || tighter !== undefined) throw error;
        tighter = tighterShare;
        continue;
      }
      if (spoke) return;
      if (thought !== '' && this.#thoughts.length < thinkingRetries) {
        this.#thoughts.push({ speaker: 'supporter', text: thought, action: 'thinking' });
        if (this.#services.config.turn.showThoughts) yield this.#shown(thought);
      } else if (thought !== '' || ++empty > modelRetries)
        throw new RapportError('RAPPORT_E_MODEL_EMPTY', { attempts: this.#attempts });
    }
  }

  async *#ask(
    signal: AbortSignal,
    tighter: number | undefined,
  ): AsyncGenerator<{ readonly action: 'speaking' | 'thinking'; readonly text: string }> {
    const { format, route, input, rank, character } = this.#plan;
    const whole = { ...input, turns: [...input.turns, ...this.#thoughts] };
    const fitted = await fitPrompt({ format, input: whole, route, tighter });
    this.#fitted = fitted;
    this.#attempts += 1;
    const cleaner = format.cleaner(whole);
    for await (const delta of route.model.stream(fitted.request, { signal, affinity: character.id, rank })) {
      if (delta.type === 'done') {
        this.#finishReason = delta.finishReason;
        this.#completionTokens = delta.usage?.completionTokens ?? this.#completionTokens;
        continue;
      }
      const text = cleaner.push(delta.text);
      if (text !== '') yield { action: cleaner.action ?? 'speaking', text };
      if (cleaner.ended) {
        this.#finishReason = 'stop';
        break;
      }
    }
    const rest = cleaner.finish();
    if (rest !== '') yield { action: cleaner.action ?? 'speaking', text: rest };
  }

  #shown(thought: string): string {
    const { character } = this.#plan;
    return `${this.#services.say('delivery.thought', { name: displayName(character), text: thought.trim() })}\n\n`;
  }
}
