/** What a child process can be asked, by name; everything that is given and answered is plain JSON. */
export type Calls = Readonly<Record<string, { readonly given: unknown; readonly answer: unknown }>>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly given: unknown;
}

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

export type Handlers<T extends Calls> = {
  readonly [K in keyof T]: (given: T[K]['given']) => T[K]['answer'] | Promise<T[K]['answer']>;
};

/** Answers the questions of the process that forked this one. Ends with it. */
export function serveCalls<T extends Calls>(handlers: Handlers<T>): void {
  process.on('message', (question: Question) => {
    void answerOf(handlers, question).then((answer) => process.send?.(answer));
  });
  process.once('disconnect', () => process.exit(0));
}

async function answerOf<T extends Calls>(
  handlers: Handlers<T>,
  { id, name, given }: Question,
): Promise<Answer> {
  const handler = handlers[name];
  try {
    if (!handler) throw new Error(`nobody answers "${name}"`);
    return { id, answer: await handler(given) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

interface Channel {
  send(question: Question): void;
  on(event: 'message', listener: (answer: Answer) => void): void;
  on(event: 'exit', listener: (code: number | null) => void): void;
}

/** The asking end of {@link serveCalls}. */
export class Caller<T extends Calls> {
  readonly #channel: Channel;
  readonly #open = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #asked = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on('message', (answer) => this.#settle(answer));
    channel.on('exit', (code) => {
      for (const { reject } of this.#open.values()) reject(new Error(`the child ended with code ${code}`));
      this.#open.clear();
    });
  }

  /** @throws Error what the child threw, or that it ended. */
  call<K extends keyof T & string>(name: K, given: T[K]['given']): Promise<T[K]['answer']> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise<T[K]['answer']>((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#channel.send({ id, name, given });
    });
  }

  #settle({ id, answer, error }: Answer): void {
    const waiting = this.#open.get(id);
    this.#open.delete(id);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(error));
  }
}
