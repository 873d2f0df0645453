import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { RemoteModel } from '../../inference/remote/remote-model.js';
import type { Logger } from '../../src/telemetry/logger.js';
import type { Script } from '../session/scripted-model.js';

/** A word that nobody but a person of a test says: wherever it occurs, somebody's words do. */
const mark = 'zyxq';

/**
 * Collects the log of a run in which people's messages carry marked words, and says whether a word of theirs is in it.
 *
 *     const log = new QuietLog();
 *     const server = await startServer({ services: { logger: log.logger } });
 *     await ada.say(log.words('I lost my job'));
 *     log.expectQuiet();
 */
export class QuietLog {
  readonly #lines: unknown[] = [];
  readonly #said: string[] = [];

  /** Collects every level, with what is bound to its children. */
  readonly logger: Logger = this.#child({});

  /** A message as a person writes it, with a word at both ends that can be found again; a control code stays in front. */
  words(text: string): string {
    this.#said.push(text);
    return text.startsWith('!') ? `${text} ${mark}` : `${mark} ${text} ${mark}`;
  }

  /** Lines that another recorder has collected. */
  add(lines: readonly unknown[]): void {
    this.#lines.push(...lines);
  }

  /** All of it, down to the causes and stacks of errors. */
  get text(): string {
    return this.#lines
      .map((line) => inspect(line, { depth: null, maxStringLength: null, maxArrayLength: null }))
      .join('\n')
      .toLowerCase();
  }

  /** Fails where nothing was logged at all (then nothing was looked at), or a word of theirs was. */
  expectQuiet(): void {
    expect(this.#said, 'somebody has said something').not.toEqual([]);
    expect(this.#lines, 'something was logged').not.toEqual([]);
    const { text } = this;
    for (const said of [mark, ...this.#said])
      if (text.includes(said.toLowerCase())) expect.fail(`the log holds "${said}":\n${text.slice(0, 4_000)}`);
  }

  #child(bound: object): Logger {
    const write =
      (level: string) =>
      (fields: object, message: string): void =>
        void this.#lines.push({ level, message, ...bound, ...fields });
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (more) => this.#child({ ...bound, ...more }),
    };
  }
}

/** A model server that refuses everything, and repeats in its errors what it was asked: as JSON, as plain text, and within a stream. */
export async function startEchoServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  let asked = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      asked += 1;
      const message = `cannot serve ${body}`;
      const wrong = JSON.stringify({ error: { message, type: message, param: message, code: 400 } });
      if (asked % 3 === 0) response.writeHead(500, { 'content-type': 'text/plain' }).end(message);
      else if (asked % 3 === 1) response.writeHead(400, { 'content-type': 'application/json' }).end(wrong);
      else
        response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end(`data: ${wrong}\n\ndata: {${body}\n\n`);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A script that asks a model server. */
export const asks = (model: RemoteModel): Script =>
  async function* (request, signal) {
    for await (const delta of model.stream(request, { signal, affinity: 'ada' }))
      if (delta.type === 'text') yield delta.text;
  };
