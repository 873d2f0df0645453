import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DiscordOptions } from './options.js';
import { Interact } from './people/interact.js';
import { idOf, type Ref } from './people/places.js';

import type { RestServer } from './rest/server.js';
import { type SeenMessage, seenMessages, type ViewOptions } from './view.js';

/** Starts a double of Discord on a loopback port. */
export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const discord = new Discord(options);
  await discord.listen();
  return discord;
}

/**
 * A wire-level double of Discord (API v10): the gateway and REST on one loopback port, spoken to by real clients. Tests
 * play the people (`say`, `slash`, `press` …), order faults and look at what people see. Everything is kept in memory and
 * survives any crash of the client.
 */
export class Discord extends Interact {
  readonly #options: DiscordOptions;
  readonly #http: Server;

  constructor(options: DiscordOptions) {
    super(options);
    this.#options = options;
    this.#http = createServer((request, response) => {
      this.rest.serve(request, response).catch((error: unknown) => {
        this.failures.push(error);
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ message: '500: Internal Server Error', code: 0 }));
      });
    });
    this.#http.on('upgrade', (request, socket, head) => this.gateway.upgrade(request, socket, head));
  }

  /** Mistakes of the double itself; {@link close} throws them. */
  readonly failures: unknown[] = [];

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }
  /** What goes into a REST client's `api`. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.port}/api`;
  }
  get gatewayUrl(): string {
    return `ws://127.0.0.1:${this.port}/gateway`;
  }
  get token(): string {
    return this.world.application.token;
  }
  get applicationId(): string {
    return this.world.application.id;
  }
  /** The bot's user id. */
  get botId(): string {
    return this.world.bot.id;
  }
  get requests(): RestServer['log'] {
    return this.rest.log;
  }
  get faults(): RestServer['faults'] {
    return this.rest.faults;
  }

  /** A channel's messages as people see them. */
  whatUsersSee(channel: Ref, options: ViewOptions = {}): SeenMessage[] {
    return seenMessages(this.world, idOf(channel), options);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(this.#options.port ?? 0, '127.0.0.1', 2_048, resolve);
    });
    this.gateway.url = this.gatewayUrl;
    this.gateway.resumeUrl = `ws://127.0.0.1:${this.port}/resume`;
    this.world.cdnUrl = `http://127.0.0.1:${this.port}`;
  }

  /** Closes the port and every connection. @throws the first mistake of the double itself. */
  async close(): Promise<void> {
    this.gateway.stop();
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
    });
    this.#http.closeAllConnections();
    await closed;
    if (this.failures.length > 0) throw this.failures[0];
  }
}
