import { rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { OpenAiApiAdapter } from '../../../adapters/openai-api/openai-api-adapter.js';
import { openAiRoutes } from '../../../adapters/openai-api/routes.js';
import { startHttpServer } from '../../../adapters/web/http-server.js';
import { WebAdapter } from '../../../adapters/web/web-adapter.js';
import type { WebServices } from '../../../adapters/web/web-services.js';
import { loadLocale } from '../../../app/settings.js';
import type { Config } from '../../../config/schema.js';
import { systemClock } from '../../../src/clock.js';
import { RateBuckets } from '../../../src/delivery/rate-bucket.js';
import { SessionEvents } from '../../../src/session/session-events.js';
import { SessionManager } from '../../../src/session/session-manager.js';
import type { Store } from '../../../src/state/store.js';
import { TurnRunner } from '../../../src/turn/turn-runner.js';
import type { TurnServices } from '../../../src/turn/turn-services.js';
import { ScriptedModel } from '../../session/scripted-model.js';
import { temporaryStore, World, type WorldOptions } from '../../session/world.js';

export interface ServerOptions {
  readonly apiKey?: string;
  readonly server?: Partial<Config['server']>;
  readonly services?: WorldOptions['services'];
  readonly route?: WorldOptions['route'];
  /** The server whose store this one shares, as another process would. */
  readonly beside?: TestServer;
}

/** The HTTP server as `rapport start` composes it, with a scripted model and a store of its own. */
export interface TestServer {
  readonly url: string;
  readonly model: ScriptedModel;
  readonly store: Store;
  readonly web: WebAdapter;
  readonly api: OpenAiApiAdapter;
  readonly events: SessionEvents;
  readonly sessions: SessionManager;
  stop(): Promise<void>;
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { beside } = options;
  const { store, dataDir, dispose } = beside
    ? { store: beside.store, dataDir: '', dispose: async () => undefined }
    : await temporaryStore();
  const model = new ScriptedModel();
  const { services: core } = new World(store, {
    model,
    ...(options.services && { services: options.services }),
    ...(options.route && { route: options.route }),
  });
  const config: Config = { ...core.config, server: { ...core.config.server, port: 0, ...options.server } };
  const services: TurnServices = { ...core, config };
  const web = new WebAdapter(systemClock.now);
  const api = new OpenAiApiAdapter(systemClock.now);
  const events = new SessionEvents();
  const turns = new TurnRunner({
    services,
    events,
    adapters: new Map<'web' | 'openai-api', WebAdapter | OpenAiApiAdapter>([
      ['web', web],
      ['openai-api', api],
    ]),
    buckets: new RateBuckets(systemClock),
  });
  const { clock, random, logger, metrics } = services;
  const sessions = new SessionManager({
    ...{ store, turns, config, clock, random, logger, metrics },
    platforms: new Set(['web', 'openai-api']),
  });
  const webServices: WebServices = {
    ...services,
    version: '0.0.0',
    apiKey: options.apiKey ?? null,
    sessions,
    events,
    locale: loadLocale('en'),
    ready: async () => (await store.health()).ok,
  };
  await sessions.start();
  const http = await startHttpServer(webServices, web, openAiRoutes(webServices, api));
  return {
    url: http.url,
    ...{ model, store, web, api, events, sessions },
    stop: async () => {
      await sessions.close(0);
      await http.stop();
      await dispose();
      if (dataDir !== '') rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A browser as far as the API sees one: it keeps its cookies. */
export class Browser {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  #cookies = new Map<string, string>();

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async fetch(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-rapport': '1',
        ...(this.cookie && { cookie: this.cookie }),
        ...this.#headers,
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (name) this.#cookies.set(name, value ?? '');
    }
    return response;
  }

  /** The JSON of an answer with the expected status. */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    status = 200,
  ): Promise<T> {
    const response = await this.fetch(method, path, body);
    const text = await response.text();
    if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** Opens a conversation. */
  async open(characterId = 'maren-voss'): Promise<string> {
    const { session } = await this.call<{ session: { id: string } }>(
      'POST',
      '/api/sessions',
      { characterId },
      201,
    );
    return session.id;
  }
}

/** A request with exactly these headers and this path (fetch sets and normalises its own). */
export function raw(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ readonly status: number; readonly body: string; readonly headers: IncomingMessage['headers'] }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
