import type { Clock } from '../../src/clock.js';
import type { ModelFacts } from '../../src/prompting/chat-model.js';

/** How long a window that was learnt is believed: a server may be started anew with a larger one. */
const believedMs = 3_600_000;
/** No window is taken to be smaller: a number misread must not silence a model. */
const leastWindow = 128;
/** A server that has one model serves it under every name (llama.cpp). */
export const anyModel = '';
/** Families whose templates open a thought before the first word. */
const likelyThinkers = /(?<![a-z0-9])(?:r1|qwq|qwen-?3|glm-z1|gpt-oss|magistral)(?![a-z])|think|reason/i;

/** What the servers of one pool have shown of their models, by model name. */
export class ServerFacts implements ModelFacts {
  readonly #clock: Clock;
  readonly #windows = new Map<string, { readonly tokens: number; readonly until: number }>();
  readonly #thinks = new Set<string>();
  /** Whether a model begins inside a thought; absent where no whole reply has shown it. */
  readonly #unopened = new Map<string, boolean>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  window(model: string): number | null {
    const known = this.#windows.get(model) ?? this.#windows.get(anyModel);
    return known && this.#clock.now() < known.until ? known.tokens : null;
  }

  learnWindow(model: string, tokens: number): void {
    const smaller = Math.max(leastWindow, Math.min(Math.floor(tokens), this.window(model) ?? tokens));
    if (!Number.isFinite(smaller)) return;
    this.#windows.set(model, { tokens: smaller, until: this.#clock.now() + believedMs });
  }

  thinks(model: string): boolean {
    return this.#thinks.has(model);
  }

  /** Whether the beginning of a reply may be a thought without its opening mark. */
  mayBeginInThought(model: string): boolean {
    return this.#unopened.get(model) ?? likelyThinkers.test(model);
  }

  /** What a whole reply has shown. */
  learnThoughts(model: string, { thought, unopened }: { thought: boolean; unopened: boolean }): void {
    if (thought) this.#thinks.add(model);
    // A model that began inside a thought once does so again, unless its thinking was switched off for a reply.
    if (unopened || !this.#unopened.has(model)) this.#unopened.set(model, unopened);
  }
}
