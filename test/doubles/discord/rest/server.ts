import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gateway } from '../gateway/gateway.js';
import type { DiscordOptions } from '../options.js';
import type { World } from '../world/world.js';
import { type RequestBody, readBody } from './body.js';
import type { Answer, Call, Route } from './call.js';
import { DiscordError, refusals } from './errors.js';
import { type FaultKind, Faults } from './faults.js';
import { limitHeaders, type RateLimitName, RateLimits } from './rate-limits.js';
import { type Match, Router } from './router.js';
import { routes } from './routes/index.js';
import { orderedLimit, tooMany } from './too-many.js';

/** One request as the double saw it. */
export interface LoggedRequest {
  /** ms of the double's clock, when it came and when it was answered. */
  readonly at: number;
  answeredAt: number | null;
  readonly method: string;
  /** Without `/api/v10` and without the query. */
  readonly path: string;
  /** The path with `:name` for what varies; null where there is no such route. */
  readonly route: string | null;
  readonly query: string;
  readonly body: unknown;
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly auditReason: string | null;
  /** null while it is being answered, 0 where the connection was broken. */
  status: number | null;
  /** Discord's own error code. */
  code: number | null;
}

/** Discord's REST API: finds the route, applies faults and limits, and words refusals as Discord does. */
export class RestServer {
  readonly faults = new Faults();
  readonly log: LoggedRequest[] = [];
  /** Answers with 401, 403 or 429 that count towards the ban of an address (10,000 in ten minutes). */
  invalidRequests = 0;
  readonly limits: RateLimits;
  readonly #world: World;
  readonly #gateway: Gateway;
  readonly #options: DiscordOptions;
  readonly #router = new Router(routes);

  constructor(world: World, gateway: Gateway, options: DiscordOptions) {
    this.#world = world;
    this.#gateway = gateway;
    this.#options = options;
    this.limits = new RateLimits(world.clock, options);
  }

  async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://double');
    if (url.pathname.startsWith('/attachments/')) {
      this.#serveFile(url.pathname, response);
      return;
    }
    const path = url.pathname.replace(/^\/api(\/v\d+)?/, '');
    const method = incoming.method ?? 'GET';
    const match = this.#router.find(method, path);
    let body: RequestBody = { json: undefined, files: [] };
    let unread: DiscordError | null = null;
    try {
      body = await readBody(incoming);
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      unread = error;
    }
    const entry = this.#note(incoming, { method, path, query: url.search, match, body });
    const faults = this.faults.strike(method, path, body.json);
    if (!(await this.#disturb(faults, entry, response))) return;
    const headers: Record<string, string> = { via: '1.1 google' };
    let answer: Answer;
    try {
      if (unread) throw unread;
      answer = await this.#answer(incoming, { url, match, body, faults, headers });
    } catch (error) {
      if (!(error instanceof DiscordError)) throw error;
      entry.code = error.code;
      Object.assign(headers, error.headers);
      answer = { status: error.status, body: error.body };
    }
    this.#finish(entry, answer, headers, response, faults);
  }

  async #answer(
    incoming: IncomingMessage,
    {
      url,
      match,
      body,
      faults,
      headers,
    }: {
      url: URL;
      match: Match | 'method' | null;
      body: RequestBody;
      faults: readonly FaultKind[];
      headers: Record<string, string>;
    },
  ): Promise<Answer> {
    if (match === null) throw refusals.notFound();
    if (match === 'method') throw refusals.methodNotAllowed();
    const asBot = incoming.headers.authorization === `Bot ${this.#world.application.token}`;
    if (match.route.auth === 'bot' && !asBot) throw refusals.unauthorized();
    const refusal = faults.find((fault) => fault.kind === 'refuse');
    if (refusal)
      throw new DiscordError(
        refusal.status,
        refusal.code ?? 0,
        refusal.message ?? `${refusal.status}: ordered by the test`,
        refusal.headers ? { headers: refusal.headers } : {},
      );
    const limited = faults.find((fault) => fault.kind === 'limit');
    if (limited) throw orderedLimit(limited.retryAfterMs, limited.scope);
    this.#limit(match.route, match.params, asBot, headers);
    const call: Call = {
      world: this.#world,
      gateway: this.#gateway,
      options: this.#options,
      params: match.params,
      query: url.searchParams,
      body: body.json,
      files: body.files,
      asBot,
    };
    this.#limitResource(match.route, call);
    return match.route.handle(call);
  }

  /** Counts a request in its bucket and among all of the bot's. */
  #limit(
    route: Route,
    params: Readonly<Record<string, string>>,
    asBot: boolean,
    headers: Record<string, string>,
  ): void {
    if (route.limit === undefined) return;
    if (asBot && route.auth === 'bot') {
      const all = this.limits.take('global', '');
      if (all && !all.allowed) throw tooMany(all.resetAfterMs, 'global');
    }
    if (!asBot && this.#world.webhooks.has(params.webhook ?? '')) {
      const all = this.limits.take('address', '');
      if (all && !all.allowed) throw tooMany(all.resetAfterMs, 'global');
    }
    const key = `${params.channel ?? params.guild ?? ''} ${params.webhook ?? ''} ${params.token ?? ''}`;
    const standing = this.limits.take(route.limit, key);
    if (!standing) return;
    Object.assign(headers, limitHeaders(route.limit, standing, this.#world.clock.now()));
    if (!standing.allowed) throw tooMany(standing.resetAfterMs, 'user');
  }

  /** Limits that belong to what is written to rather than to the route: no header tells of them beforehand. */
  #limitResource(route: Route, call: Call): void {
    const { world, params } = call;
    const over = (name: RateLimitName, key: string): number | null => {
      const standing = this.limits.take(name, key);
      return standing && !standing.allowed ? standing.resetAfterMs : null;
    };
    if (route.limit === 'webhookSend') {
      const webhook = world.webhooks.get(params.webhook ?? '');
      const wait = webhook ? over('webhookChannel', webhook.channelId) : null;
      if (wait !== null) throw tooMany(wait, 'shared');
    }
    if (route.limit === 'messageEdit' || route.limit === 'webhookEdit') {
      const message = world.anyMessage(params.message ?? '');
      const old = message && world.clock.now() - message.createdAt > 3_600_000;
      const wait = old ? over('oldEdit', message.channelId) : null;
      if (wait !== null)
        throw tooMany(
          wait,
          'shared',
          30_046,
          'Maximum number of edits to messages older than 1 hour reached. Try again later',
        );
    }
  }

  async #disturb(
    faults: readonly FaultKind[],
    entry: LoggedRequest,
    response: ServerResponse,
  ): Promise<boolean> {
    for (const fault of faults) {
      if (fault.kind === 'delay') await this.#world.clock.sleep(fault.ms);
      if (fault.kind === 'hold') {
        fault.gate.reached();
        await fault.gate.opened;
      }
      if (fault.kind === 'drop-request') {
        entry.status = 0;
        response.socket?.resetAndDestroy();
        return false;
      }
    }
    return true;
  }

  #finish(
    entry: LoggedRequest,
    answer: Answer,
    headers: Record<string, string>,
    response: ServerResponse,
    faults: readonly FaultKind[],
  ): void {
    entry.answeredAt = this.#world.clock.now();
    const shared = headers['x-ratelimit-scope'] === 'shared';
    if (answer.status === 401 || answer.status === 403 || (answer.status === 429 && !shared))
      this.invalidRequests += 1;
    if (faults.some((fault) => fault.kind === 'drop-response')) {
      entry.status = 0;
      response.socket?.resetAndDestroy();
    } else {
      entry.status = answer.status;
      const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
      if (answer.body !== undefined) headers['content-type'] = 'application/json';
      response.writeHead(answer.status, headers);
      response.end(text);
    }
    this.#world.touch();
  }

  #note(
    incoming: IncomingMessage,
    {
      method,
      path,
      query,
      match,
      body,
    }: { method: string; path: string; query: string; match: Match | 'method' | null; body: RequestBody },
  ): LoggedRequest {
    const reason = incoming.headers['x-audit-log-reason'];
    const entry: LoggedRequest = {
      at: this.#world.clock.now(),
      answeredAt: null,
      method,
      path,
      route: match === null || match === 'method' ? null : match.route.path,
      query,
      body: body.json,
      files: body.files.map((file) => ({ name: file.name, size: file.bytes.length })),
      auditReason: typeof reason === 'string' ? decodeURIComponent(reason) : null,
      status: null,
      code: null,
    };
    if (this.#options.record !== false) this.log.push(entry);
    return entry;
  }

  #serveFile(path: string, response: ServerResponse): void {
    const file = this.#world.files.get(path);
    if (!file) {
      response.writeHead(404).end('This content is no longer available.');
      return;
    }
    response.writeHead(200, { 'content-type': file.contentType, 'content-length': file.bytes.length });
    response.end(file.bytes);
  }
}
