import type { Logger } from '../../src/telemetry/logger.js';
import { ThreadCalls } from '../onnx/thread-calls.js';
import type { ChatWorkerSettings, FromChat, GenerateJob, ToChat } from './chat-messages.js';

/** The main thread's side of the chat worker. */
export class ChatThread {
  readonly #calls: ThreadCalls<ToChat, FromChat>;

  constructor(settings: ChatWorkerSettings, logger: Logger) {
    this.#calls = new ThreadCalls({
      worker: 'inference/embedded/chat-worker.js',
      settings,
      route: settings.model,
      onCrash: (reason) => logger.error({ reason }, 'the embedded model crashed; it starts again when asked'),
    });
  }

  /** Loads the model. */
  load(): Promise<Extract<FromChat, { type: 'loaded' }>> {
    return this.#calls.ask('loaded', (id) => ({ type: 'load', id }));
  }

  count(text: string): Promise<Extract<FromChat, { type: 'counted' }>> {
    return this.#calls.ask('counted', (id) => ({ type: 'count', id, text }));
  }

  score(prompt: string, text: string): Promise<Extract<FromChat, { type: 'scored' }>> {
    return this.#calls.ask('scored', (id) => ({ type: 'score', id, prompt, text }));
  }

  /**
   * Runs a job; its texts, then `generated`. Leaving the iteration aborts the job.
   * @throws RapportError of the worker; RAPPORT_E_MODEL_UNAVAILABLE, or _INTERRUPTED after the first text, when it ends.
   */
  async *generate(job: GenerateJob, signal: AbortSignal): AsyncGenerator<FromChat> {
    signal.throwIfAborted();
    const answers: FromChat[] = [];
    let failure: { readonly reason: unknown } | null = null;
    let wake = (): void => undefined;
    const id = this.#calls.open({
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
      this.#calls.post({ type: 'generate', id, job });
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
      if (!ended && this.#calls.isOpen(id)) this.#calls.post({ type: 'abort', id });
      this.#calls.end(id);
    }
  }

  close(): Promise<void> {
    return this.#calls.close();
  }
}
