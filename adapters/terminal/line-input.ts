import { createInterface, type Interface } from 'node:readline/promises';
import type { HistoryFile } from './local-person.js';

export interface LineInputOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** A person types (line editing, history, prompts); otherwise lines come from a pipe. */
  readonly interactive: boolean;
  readonly history: HistoryFile;
  /** Ctrl-C. */
  readonly onInterrupt: () => void;
  /** Asked for every line as it is typed; true takes it out of the queue (`/stop` while a reply streams). */
  readonly onLine?: (line: string) => boolean;
}

/** Lines in the order in which they came, none lost while a reply is being written. */
export class LineInput {
  readonly #readline: Interface;
  readonly #options: LineInputOptions;
  readonly #lines: string[] = [];
  #wake: (() => void) | null = null;
  #ended = false;

  constructor(options: LineInputOptions) {
    const { input, output, interactive, history } = options;
    this.#options = options;
    this.#readline = createInterface({
      input,
      terminal: interactive,
      ...(interactive && { output, history: history.read(), removeHistoryDuplicates: true }),
    });
    this.#readline.on('line', (line) => {
      if (interactive && options.onLine?.(line)) return;
      this.#lines.push(line);
      this.#wake?.();
    });
    this.#readline.on('close', () => {
      this.#ended = true;
      this.#wake?.();
    });
    this.#readline.on('SIGINT', options.onInterrupt);
    if (interactive) this.#readline.on('history', (lines) => history.write(lines));
  }

  /** The next line; null when there will be none. */
  async next(prompt: string): Promise<string | null> {
    if (this.#options.interactive && this.#lines.length === 0 && !this.#ended) {
      this.#readline.setPrompt(prompt);
      this.#readline.prompt();
    }
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  /** Ends the input: what waits in the queue is dropped. */
  close(): void {
    this.#lines.length = 0;
    this.#readline.close();
  }
}
