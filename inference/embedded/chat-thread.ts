import { RapportError } from '../../config/errors.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { NativeThread } from '../onnx/native-thread.js';
import type { ChatWorkerSettings, FromChat, GenerateJob, ToChat } from './chat-messages.js';

type Answer = Exclude<FromChat, { type: 'failed' }>;

interface Call {
  readonly push: (answer: Answer) => void;
  readonly fail: (error: RapportError) => void;
  started: boolean;
}

/** The main thread's side of the chat worker: calls out, answers back, a fresh thread after a crash. */
export class ChatThread {
  readonly #settings: ChatWorkerSettings;
  readonly #logger: Logger;
  readonly #calls = new Map<number, Call>();
  #thread: NativeThread<ToChat, FromChat> | null = null;
  #lastId = 0;

  constructor(settings: ChatWorkerSettings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
  }

  /** Loads the model. */
  load(): Promise<Extract<Answer, { type: 'loaded' }>> {
    return this.#once((id) => ({ type: 'load', id }), 'loaded');
  }

  count(text: string): Promise<Extract<Answer, { type: 'counted' }>> {
    return this.#once((id) => ({ type: 'count', id, text }), 'counted');
  }

  score(prompt: string, text: string): Promise<Extract<Answer, { type: 'scored' }>> {
    return this.#once((id) => ({ type: 'score', id, prompt, text }), 'scored');
  }

  /**
   * Runs a job; its texts, then `generated`. Leaving the iteration aborts the job.
   * @throws RapportError of the worker; RAPPORT_E_MODEL_UNAVAILABLE, or _INTERRUPTED after the first text, when it ends.
   */
  async *generate(job: GenerateJob, signal: AbortSignal): AsyncGenerator<Answer> {
    signal.throwIfAborted();
    const answers: Answer[] = [];
    let failure: { readonly reason: unknown } | null = null;
    let wake = (): void => undefined;
    const id = this.#call({
      started: false,
      push: (answer) => {
        answers.push(answer);
        wake();
      },
      fail: (error) => {
        failure ??= { reason: error };
        wake();
      },
    });
    const onAbort = (): void => {
      failure ??= { reason: signal.reason };
      wake();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    let ended = false;
    try {
      this.#post({ type: 'generate', id, job });
      for (;;) {
        const answer = answers.shift();
        if (answer) {
          ended = answer.type === 'generated';
          yield answer;
          if (ended) return;
        } else if (failure) throw (failure as { readonly reason: unknown }).reason;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (!ended && this.#calls.has(id)) this.#thread?.post({ type: 'abort', id });
      this.#end(id);
    }
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.close();
  }

  #once<Type extends Answer['type']>(
    message: (id: number) => ToChat,
    type: Type,
  ): Promise<Extract<Answer, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const id = this.#call({
        started: false,
        push: (answer) => {
          this.#end(id);
          if (answer.type === type) resolve(answer as Extract<Answer, { type: Type }>);
        },
        fail: reject,
      });
      this.#post(message(id));
    });
  }

  #call(call: Call): number {
    this.#lastId += 1;
    this.#calls.set(this.#lastId, call);
    return this.#lastId;
  }

  #end(id: number): void {
    this.#calls.delete(id);
    if (this.#calls.size === 0) this.#thread?.hold(false);
  }

  #post(message: ToChat): void {
    const thread = this.#thread ?? this.#start();
    thread.hold(true);
    thread.post(message);
  }

  #start(): NativeThread<ToChat, FromChat> {
    const thread = new NativeThread<ToChat, FromChat>('inference/embedded/chat-worker.js', this.#settings, {
      onMessage: (message) => this.#receive(message),
      onEnd: (reason) => {
        if (this.#thread === thread) this.#thread = null;
        if (reason !== null)
          this.#logger.error({ reason }, 'the embedded model crashed; it starts again when asked');
        this.#failAll(reason ?? 'it was closed');
      },
    });
    this.#thread = thread;
    return thread;
  }

  #receive(message: FromChat): void {
    const call = this.#calls.get(message.id);
    if (!call) return;
    if (message.type === 'failed') {
      this.#end(message.id);
      call.fail(new RapportError(message.error.code, message.error.details));
      return;
    }
    call.started = true;
    call.push(message);
  }

  #failAll(reason: string): void {
    const open = [...this.#calls.values()];
    this.#calls.clear();
    for (const { fail, started } of open)
      fail(
        started
          ? new RapportError('RAPPORT_E_MODEL_INTERRUPTED', { reason })
          : new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: this.#settings.model, reason }),
      );
  }
}
