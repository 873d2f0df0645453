import { type PortableError, RapportError } from '../../config/errors.js';
import { NativeThread, type stopRequest } from './native-thread.js';

interface FromThread {
  readonly type: string;
  readonly id: number;
}

/** What a thread answers in place of a result. */
export interface FailedCall {
  readonly type: 'failed';
  readonly id: number;
  readonly error: PortableError;
}

type Answer<Out> = Exclude<Out, FailedCall>;

/** What becomes of one call. */
export interface Call<Answers> {
  readonly push: (answer: Answers) => void;
  readonly fail: (error: RapportError) => void;
}

export interface ThreadCallsOptions {
  /** The worker below `dist/`, and what it is started with. */
  readonly worker: string;
  readonly settings: unknown;
  /** Names the model in errors. */
  readonly route: string;
  /** The thread ended by itself; it starts again when asked. */
  readonly onCrash?: (reason: string) => void;
}

/**
 * Calls to a worker thread and their answers, matched by number. The thread starts at the first call, and again after a
 * crash; it keeps the process alive only while a call is open.
 */
export class ThreadCalls<In, Out extends FromThread> {
  readonly #options: ThreadCallsOptions;
  readonly #calls = new Map<number, Call<Answer<Out>>>();
  /** Calls that have had an answer: when the thread ends they are cut short, the others not served. */
  readonly #begun = new Set<number>();
  #thread: NativeThread<In | typeof stopRequest, Out | FailedCall> | null = null;
  #lastId = 0;

  constructor(options: ThreadCallsOptions) {
    this.#options = options;
  }

  /**
   * One question, one answer.
   * @throws RapportError of the worker; RAPPORT_E_MODEL_UNAVAILABLE when the thread ends.
   */
  ask<Type extends Answer<Out>['type']>(
    type: Type,
    message: (id: number) => In,
  ): Promise<Extract<Answer<Out>, { readonly type: Type }>> {
    return new Promise((resolve, reject) => {
      const id = this.open({
        push: (answer) => {
          this.end(id);
          if (answer.type === type) resolve(answer as Extract<Answer<Out>, { readonly type: Type }>);
        },
        fail: reject,
      });
      this.post(message(id));
    });
  }

  /** A call with many answers: send it with {@link post}, and {@link end} it. @returns its number. */
  open(call: Call<Answer<Out>>): number {
    this.#lastId += 1;
    this.#calls.set(this.#lastId, call);
    return this.#lastId;
  }

  post(message: In): void {
    const thread = this.#thread ?? this.#start();
    thread.hold(true);
    thread.post(message);
  }

  /** Whether the call waits for answers. */
  isOpen(id: number): boolean {
    return this.#calls.has(id);
  }

  end(id: number): void {
    this.#calls.delete(id);
    this.#begun.delete(id);
    if (this.#calls.size === 0) this.#thread?.hold(false);
  }

  /** Ends the thread; a later call would start it again. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.close();
  }

  #start(): NativeThread<In | typeof stopRequest, Out | FailedCall> {
    const { worker, settings, onCrash } = this.#options;
    const thread = new NativeThread<In | typeof stopRequest, Out | FailedCall>(worker, settings, {
      onMessage: (message) => this.#receive(message),
      onEnd: (reason) => {
        if (this.#thread === thread) this.#thread = null;
        if (reason !== null) onCrash?.(reason);
        this.#failAll(reason ?? 'it was closed');
      },
    });
    this.#thread = thread;
    return thread;
  }

  #receive(message: Out | FailedCall): void {
    const call = this.#calls.get(message.id);
    if (!call) return;
    if (isFailed(message)) {
      this.end(message.id);
      call.fail(RapportError.from(message.error));
      return;
    }
    this.#begun.add(message.id);
    call.push(message as Answer<Out>);
  }

  #failAll(reason: string): void {
    const calls = [...this.#calls];
    const begun = new Set(this.#begun);
    this.#calls.clear();
    this.#begun.clear();
    for (const [id, { fail }] of calls)
      fail(
        begun.has(id)
          ? new RapportError('RAPPORT_E_MODEL_INTERRUPTED', { reason })
          : new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: this.#options.route, reason }),
      );
  }
}

function isFailed(message: FromThread): message is FailedCall {
  return message.type === 'failed';
}
