import { displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { faults, type OffenceKind } from '../care/said/offence.js';
import { type FittedPrompt, fitPrompt, windowOf } from '../prompting/budget.js';
import type { ModelRequest, Usage } from '../prompting/chat-model.js';
import { ownSide, type PromptInput, type PromptTurn } from '../prompting/prompt-input.js';
import { ReplyPolish } from '../prompting/reply-polish.js';
import { StopGuard } from '../text/stop-guard.js';
import { ControlStripper } from '../text/strip-controls.js';
import { judgedSpeech, SpeechWithheld, type SpokenPiece } from './judged-speech.js';
import { notAgain, SpeechRepeated } from './not-again.js';
import { Refit } from './refit.js';
import type { Tracer } from './trace.js';
import type { ReplyPlan } from './turn.js';
import type { TurnServices } from './turn-services.js';

/** Stands where the rest of a sentence was withheld. */
const cut = ' …';

/** Lines of the person that what the character says is judged with. */
const toldLines = 4;

/**
 * One reply as the model speaks it: asks, cleans the stream, judges each sentence, and asks again where that is called for —
 * with a tighter prompt when the server says it was too long (once, and again while more of its window becomes known), boundedly
 * after a thought (Character-LLM speaks or thinks a turn at a time) and after an empty reply, and once where a sentence had to be
 * withheld.
 */
export class ReplyStream {
  readonly #plan: ReplyPlan;
  readonly #services: TurnServices;
  readonly #tracer: Tracer;
  #fitted: FittedPrompt | null = null;
  /** What it was fitted into, tokens. */
  #window = 0;
  #ttftMs: number | null = null;
  #attempts = 0;
  #finishReason = 'none';
  #usage: Usage | null = null;
  #written: string | null = null;
  /** The budget was spent before the first word. */
  #onlyThought = false;
  /** The first wording was what the character said last, word for word. */
  #repeated = false;
  /** The last wording ended before a stop string of the caller. */
  #stopped = false;
  readonly #thoughts: PromptTurn[] = [];
  #thinks = 0;
  #spoke = false;
  /** What is shown of the reply, and what comes between it and a new wording of the rest. */
  #shown = '';
  #seam = '';
  readonly #withheld: OffenceKind[] = [];
  #silenced: OffenceKind | null = null;
  /** Something of the last wording is left out. */
  #leftOut = false;
  readonly #truthTold: boolean;

  /** @param truthTold the platform has said in this turn that this is an AI: a second claim of the contrary is only left out. */
  constructor(plan: ReplyPlan, services: TurnServices, tracer: Tracer, truthTold = false) {
    this.#plan = plan;
    this.#truthTold = truthTold;
    this.#services = services;
    this.#tracer = tracer;
  }

  get thoughts(): readonly PromptTurn[] {
    return this.#thoughts;
  }

  /** What was wrong with the last wording, where none could be shown to its end: the platform has the word then. */
  get silenced(): OffenceKind | null {
    return this.#silenced;
  }

  /** For the trace. */
  get report(): {
    readonly fitted: FittedPrompt | null;
    readonly ttftMs: number;
    readonly attempts: number;
    readonly finishReason: string;
    /** As the model's server counted; null where it did not. */
    readonly usage: Usage | null;
    /** Why a reply that was written beforehand was taken; null where a model wrote it. */
    readonly written: string | null;
    /** What was wrong with the wordings that were withheld. */
    readonly withheld: readonly OffenceKind[];
  } {
    return {
      fitted: this.#fitted,
      ttftMs: this.#ttftMs ?? 0,
      attempts: this.#attempts,
      finishReason: this.#finishReason,
      usage: this.#usage,
      written: this.#written,
      withheld: this.#withheld,
    };
  }

  /**
   * The spoken text, clean and judged, piece by piece. It ends early where {@link silenced}.
   * @throws RapportError RAPPORT_E_MODEL_EMPTY or RAPPORT_E_MODEL_ONLY_THOUGHT when nothing speakable came,
   * RAPPORT_E_INPUT_INVALID when the caller's stop strings left nothing; and what
   * {@link ChatModel.stream} throws.
   */
  async *deltas(signal: AbortSignal): AsyncGenerator<string> {
    const { thinkingRetries, modelRetries, showThoughts } = this.#services.config.turn;
    const fit = new Refit(this.#plan.route);
    let empty = 0;
    for (;;) {
      let thought = '';
      this.#spoke = false;
      const attempt = new AbortController();
      const asked = this.#ask(AbortSignal.any([signal, attempt.signal]), fit.share);
      const pieces = this.#repeated || this.#shown !== '' ? asked : notAgain(asked, this.#saidLast());
      try {
        for await (const { action, text } of judgedSpeech(
          pieces,
          this.#judge,
          this.#services.clock,
          this.#shown,
          this.#leavesOut,
        )) {
          if (action === 'thinking') thought += text;
          else yield this.#show(text);
        }
      } catch (error) {
        if (error instanceof SpeechRepeated) {
          this.#repeated = true;
          continue;
        }
        if (error instanceof SpeechWithheld) {
          if (this.#withhold(error)) continue;
          yield this.#brokenOff();
          return;
        }
        const tooLong = error instanceof RapportError && error.code === 'RAPPORT_E_CONTEXT_OVERFLOW';
        if (tooLong && !this.#spoke && this.#fitted && fit.again(error, this.#fitted, this.#window)) continue;
        if (signal.aborted || !this.#endsInSilence()) throw error;
        yield this.#brokenOff();
        return;
      } finally {
        attempt.abort();
      }
      if (this.#spoke) {
        if (this.#leftOut) yield this.#brokenOff();
        if (this.#leftOut && this.#shown === '') this.#silenced = 'human';
        return;
      }
      if (thought !== '' && this.#thinks < thinkingRetries) {
        this.#thinks += 1;
        const offence = this.#judge(thought, '');
        if (offence !== null) this.#count(offence, 'dropped');
        else {
          this.#thoughts.push({ speaker: 'supporter', text: thought, action: 'thinking' });
          if (showThoughts) yield this.#shownThought(thought);
        }
      } else if (thought !== '' || this.#finishReason === 'content_filter' || ++empty > modelRetries) {
        if (!this.#endsInSilence()) throw this.#nothing();
        yield this.#brokenOff();
        return;
      }
    }
  }

  async *#ask(signal: AbortSignal, tighter: number | undefined): AsyncGenerator<SpokenPiece> {
    const { format, route, rank, character, stop = [] } = this.#plan;
    const whole = this.#input();
    this.#window = windowOf(route);
    const fitted = await fitPrompt({ format, input: whole, route, tighter });
    this.#fitted = fitted;
    this.#attempts += 1;
    this.#stopped = false;
    const cleaner = format.cleaner(whole);
    const plain = new ControlStripper();
    const polish = new ReplyPolish(this.#services.config.turn);
    const guard = new StopGuard(stop);
    const request = format.headed ? fitted.request : withStops(fitted.request, stop);
    for await (const delta of route.model.stream(request, { signal, affinity: character.id, rank })) {
      if (delta.type === 'done') {
        this.#stopped = stop.some((wished) => wished === delta.stopReason);
        this.#finishReason = delta.finishReason;
        this.#written = delta.written ?? null;
        this.#onlyThought = delta.thought === true && delta.finishReason === 'length';
        this.#usage = delta.usage ?? this.#usage;
        continue;
      }
      const text = polish.push(cleaner.push(plain.push(delta.text)));
      yield* this.#heard(cleaner.action, text, guard);
      this.#stopped = guard.matched !== null;
      if (cleaner.ended || this.#stopped) {
        this.#finishReason = 'stop';
        break;
      }
    }
    const end = cleaner.push(plain.finish()) + cleaner.finish();
    yield* this.#heard(cleaner.action, polish.push(end) + polish.finish(), guard);
    yield* this.#heard('speaking', guard.flush(), new StopGuard());
  }

  /** What is left of a piece before the caller's stop strings; thoughts are not theirs to stop. */
  *#heard(
    action: SpokenPiece['action'] | null,
    piece: string,
    guard: StopGuard,
  ): Generator<SpokenPiece, void> {
    const spoken = action !== 'thinking';
    const text = spoken ? guard.push(piece) : piece;
    if (text === '') return;
    if (spoken) {
      this.#spoke = true;
      this.#ttftMs ??= this.#tracer.elapsedMs;
    }
    yield { action: spoken ? 'speaking' : 'thinking', text };
  }

  /** What the model is asked: after a wording that was withheld, what was wrong with it, and what of it was read. */
  #input(): PromptInput {
    const { format, input } = this.#plan;
    const offence = this.#withheld.at(-1);
    const turns = [...input.turns, ...this.#thoughts];
    if (offence === undefined && this.#repeated && format.heedsCaution)
      return { ...input, turns, caution: 'repeated, word for word, what you said last' };
    if (offence === undefined || !format.heedsCaution) return { ...input, turns };
    const begun = this.#shown.trim();
    return {
      ...input,
      turns: begun === '' ? turns : [...turns, { speaker: ownSide(input), text: begun }],
      caution: faults[offence],
    };
  }

  #saidLast(): string {
    const { input } = this.#plan;
    const own = ownSide(input);
    return (
      input.turns.findLast(({ speaker, action }) => speaker === own && action !== 'thinking')?.text ?? ''
    );
  }

  readonly #judge = (sentence: string, before: string): OffenceKind | null => {
    const { input, character, rank } = this.#plan;
    const told = input.turns.filter(({ speaker }) => speaker !== ownSide(input)).slice(-toldLines);
    return this.#services.care.offence(sentence, {
      before,
      asked: rank.lastMessage,
      told: told.map(({ text }) => text).join('\n'),
      job: character.persona.job ?? '',
      minor: input.minor === true,
    });
  };

  readonly #leavesOut = (kind: OffenceKind): boolean => {
    const leaves = this.#truthTold && kind === 'human' && this.#withheld.length > 0;
    if (leaves) {
      this.#withheld.push(kind);
      this.#leftOut = true;
      this.#count(kind, 'left-out');
    }
    return leaves;
  };

  #show(text: string): string {
    const shown = `${this.#seam}${text}`;
    this.#seam = '';
    this.#shown += shown;
    return shown;
  }

  /** @returns whether another wording is to be asked for. */
  #withhold({ kind, begun }: SpeechWithheld): boolean {
    this.#withheld.push(kind);
    this.#seam = this.#shown === '' ? '' : begun ? `${cut}\n\n` : '\n\n';
    const again = this.#withheld.length === 1;
    this.#count(kind, again ? 'asked-again' : 'answered-plainly');
    if (!again) this.#silenced = kind;
    return again;
  }

  /** A new wording that does not come leaves the platform to answer. */
  #endsInSilence(): boolean {
    const kind = this.#withheld.at(-1);
    if (kind === undefined) return false;
    this.#count(kind, 'answered-plainly');
    this.#silenced = kind;
    return true;
  }

  /** What ends a sentence of which only the beginning is shown. */
  #brokenOff(): string {
    const end = this.#seam.startsWith(cut) ? cut : '';
    this.#seam = '';
    return this.#show(end);
  }

  #count(kind: OffenceKind, outcome: 'asked-again' | 'answered-plainly' | 'left-out' | 'dropped'): void {
    const { metrics, logger } = this.#services;
    metrics.withheld.inc({ kind, outcome });
    logger.info({ kind, outcome, route: this.#plan.route.id }, 'a sentence of the model was withheld');
  }

  #nothing(): RapportError {
    const attempts = this.#attempts;
    if (this.#finishReason === 'content_filter') return new RapportError('RAPPORT_E_MODEL_FILTERED');
    if (this.#stopped)
      return new RapportError('RAPPORT_E_INPUT_INVALID', {
        problems: 'stop: the reply begins with one of these strings, so that nothing is left of it',
      });
    return this.#onlyThought
      ? new RapportError('RAPPORT_E_MODEL_ONLY_THOUGHT', {
          attempts,
          tokens: this.#fitted?.request.body.max_tokens ?? '?',
        })
      : new RapportError('RAPPORT_E_MODEL_EMPTY', { attempts });
  }

  #shownThought(thought: string): string {
    const { character } = this.#plan;
    return `${this.#services.say('delivery.thought', { name: displayName(character), text: thought.trim() })}\n\n`;
  }
}

/** The request with further stop strings, which the model's server or the embedded model heeds. */
function withStops(request: ModelRequest, stop: readonly string[]): ModelRequest {
  if (stop.length === 0) return request;
  const all = [...(request.body.stop ?? []), ...stop];
  return request.endpoint === 'completions'
    ? { ...request, body: { ...request.body, stop: all } }
    : { ...request, body: { ...request.body, stop: all } };
}
