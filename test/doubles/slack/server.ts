import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './api-error.js';
import { Arguments } from './arguments.js';
import type { Cloud, Json, Message, ResponseUrl, Team, Token } from './cloud.js';
import type { Events } from './events.js';
import type { Fault, Faults } from './faults.js';
import type { Call, Method } from './method.js';
import { agentMethods } from './methods/agents.js';
import { appMethods } from './methods/apps.js';
import { assistantMethods } from './methods/assistant.js';
import { chatMethods } from './methods/chat.js';
import { conversationMethods } from './methods/conversations.js';
import { fileMethods } from './methods/files.js';
import { oauthAccess } from './methods/oauth.js';
import { peopleMethods } from './methods/people.js';
import { streamMethods } from './methods/streams.js';
import { viewMethods } from './methods/views.js';
import type { Rates } from './rates.js';

const methods: Record<string, Method> = {
  ...agentMethods,
  ...appMethods,
  ...assistantMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...streamMethods,
  ...viewMethods,
};

/** One call of the Web API, in the order they came. */
export interface ApiRequest {
  readonly method: string;
  readonly args: Json;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `elapsed` of the clock when it came, ms. */
  readonly at: number;
  /** What was answered; null where nothing was. */
  answer: Json | null;
  status: number;
}

interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Record<string, string>;
}

/** Uses of a `response_url`, and its life, ms. */
const responseUses = 5;
const responseLifeMs = 30 * 60_000;

/** The HTTP side of Slack on one loopback port. */
export class ApiServer {
  readonly server: Server;
  readonly requests: ApiRequest[] = [];
  /** What a `response_url` was given, for tests. */
  onResponse: (url: ResponseUrl, body: Json) => void = () => undefined;
  readonly #cloud: Cloud;
  readonly #faults: Faults;
  readonly #rates: Rates;
  #events: Events | null = null;
  readonly #watchers = new Set<() => void>();

  constructor(cloud: Cloud, faults: Faults, rates: Rates) {
    this.#cloud = cloud;
    this.#faults = faults;
    this.#rates = rates;
    this.server = createServer((request, response) => {
      this.#serve(request, response).catch((thrown: unknown) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end(String(thrown));
      });
    });
  }

  async listen(events: Events): Promise<void> {
    this.#events = events;
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    this.#cloud.origin = `http://127.0.0.1:${port}`;
  }

  /** Called after every answered request. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#cloud.origin || 'http://slack.test');
    const body = await read(request);
    if (url.pathname.startsWith('/api/')) return this.#api(url, request, body, response);
    if (url.pathname.startsWith('/response/')) return this.#response(url, body, response);
    if (url.pathname.startsWith('/upload/')) return this.#upload(url, request, body, response);
    if (url.pathname.startsWith('/files-pri/')) return this.#download(url, request, response);
    if (url.pathname === '/oauth/v2/authorize') return this.#authorize(url, response);
    response.writeHead(404).end('no such page');
  }

  async #api(url: URL, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const method = url.pathname.slice('/api/'.length);
    const record: ApiRequest = {
      method,
      args: {},
      token: bearer(request),
      headers: headersOf(request),
      at: this.#cloud.clock.elapsed(),
      answer: null,
      status: 0,
    };
    this.requests.push(record);
    const fault = this.#faults.take(method);
    if (fault?.kind === 'delay') await this.#cloud.clock.sleep(fault.ms);
    const answer = this.#answer(record, request, url, body, fault);
    if (fault?.kind === 'cut' || fault?.kind === 'drop') {
      response.destroy();
      this.#notify();
      return;
    }
    if (fault?.kind === 'hang') {
      this.#notify();
      return;
    }
    record.answer = answer.body;
    record.status = answer.status;
    response.writeHead(answer.status, {
      'content-type': 'application/json; charset=utf-8',
      ...answer.headers,
    });
    response.end(JSON.stringify(answer.body));
    this.#notify();
  }

  #notify(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #answer(record: ApiRequest, request: IncomingMessage, url: URL, body: Buffer, fault: Fault | null): Answer {
    try {
      const type = request.headers['content-type'] ?? '';
      const args = Arguments.parse(type, body.toString('utf8'), url.searchParams);
      Object.assign(record.args, args.raw);
      if (fault?.kind === 'status') {
        const wait = fault.retryAfterS;
        const headers = wait === undefined ? {} : { 'retry-after': String(wait) };
        return { status: fault.status, body: { ok: false, error: 'ratelimited' }, headers };
      }
      if (fault?.kind === 'refuse') throw new ApiError(fault.error);
      if (fault?.kind === 'cut' || (fault?.kind === 'hang' && !fault.after)) return { status: 0, body: {} };
      if (record.method === 'oauth.v2.access') {
        return {
          status: 200,
          body: { ok: true, ...oauthAccess({ cloud: this.#cloud, args, basic: basic(request) }) },
        };
      }
      return this.#run(record.method, args, bearer(request) || (args.text('token') ?? ''));
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown;
      return { status: 200, body: { ok: false, error: thrown.code, ...thrown.fields } };
    }
  }

  #run(name: string, args: Arguments, value: string): Answer {
    const method = methods[name];
    if (!method || !this.#events) throw new ApiError('unknown_method', { req_method: name });
    if (name === 'api.test') return { status: 200, body: { ok: true } };
    const token = this.#tokenOf(value);
    const team = this.#teamOf(token, args);
    const call: Call = { cloud: this.#cloud, events: this.#events, token, team, args };
    const wantsApp = method.token === 'app';
    if (wantsApp !== (token.kind === 'app') && name !== 'auth.test')
      throw new ApiError('not_allowed_token_type');
    const tier = typeof method.tier === 'function' ? method.tier(call) : method.tier;
    const waitS = this.#rates.take(tier, team.id, name, args.text('channel') ?? '');
    if (waitS > 0) {
      const headers = { 'retry-after': String(waitS) };
      return { status: 429, body: { ok: false, error: 'ratelimited' }, headers };
    }
    const scopes = typeof method.scopes === 'function' ? method.scopes(call) : method.scopes;
    const provided = [...token.scopes].join(',');
    const missing = scopes.filter((scope) => !token.scopes.has(scope));
    const headers = { 'x-oauth-scopes': provided, 'x-accepted-oauth-scopes': scopes.join(',') };
    if (missing.length > 0) {
      const body = { ok: false, error: 'missing_scope', needed: missing.join(','), provided };
      return { status: 200, body, headers };
    }
    return { status: 200, body: { ok: true, ...method.run(call) }, headers };
  }

  #tokenOf(value: string): Token {
    if (value === '') throw new ApiError('not_authed');
    const token = this.#cloud.tokens.get(value);
    if (!token) throw new ApiError('invalid_auth');
    if (token.refused) throw new ApiError(token.refused);
    if (token.expiresAt !== undefined && this.#cloud.clock.now() >= token.expiresAt)
      throw new ApiError('token_expired');
    return token;
  }

  #teamOf(token: Token, args: Arguments): Team {
    if (token.team) return token.team;
    const wanted = args.text('team_id');
    const teams = [...this.#cloud.teams.values()].filter(
      (team) => token.kind === 'app' || team.enterprise === token.enterprise,
    );
    const channel = args.text('channel') ?? args.text('channel_id');
    const team =
      teams.find(({ id }) => id === wanted) ??
      teams.find(({ channels }) => channel !== null && channels.has(channel)) ??
      teams[0];
    if (!team) throw new ApiError('team_not_found');
    return team;
  }

  #response(url: URL, body: Buffer, response: ServerResponse): void {
    const known = this.#cloud.responseUrls.get(url.pathname.slice('/response/'.length));
    if (!known) {
      response.writeHead(404).end('no_such_url');
      return;
    }
    known.uses += 1;
    if (known.uses > responseUses || this.#cloud.clock.now() - known.at > responseLifeMs) {
      response.writeHead(404).end(known.uses > responseUses ? 'used_url' : 'expired_url');
      return;
    }
    const given = Arguments.parse('application/json', body.toString('utf8'), url.searchParams);
    this.#respond(known, given);
    this.onResponse(known, given.raw);
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    this.#notify();
  }

  #respond(url: ResponseUrl, given: Arguments): void {
    const { source } = url;
    const content: Partial<Message> = { text: given.text('text') ?? '', blocks: given.blocks() ?? [] };
    if (source && given.flag('delete_original')) {
      source.deleted = true;
      return;
    }
    if (source && given.flag('replace_original')) {
      Object.assign(source, content);
      return;
    }
    const open = given.text('response_type') === 'in_channel';
    this.#cloud.addMessage(url.channel, {
      ...content,
      user: url.channel.team.botUser,
      byApp: true,
      ephemeralTo: open ? null : url.user,
      threadTs: given.text('thread_ts'),
    });
  }

  #upload(url: URL, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const [, , team = '', id = ''] = url.pathname.split('/');
    const file = this.#cloud.teams.get(team)?.files.get(id);
    if (!file) {
      response.writeHead(404).end('no such upload');
      return;
    }
    file.bytes = uploaded(request.headers['content-type'] ?? '', body);
    response.writeHead(200).end(`OK - ${file.bytes.length}`);
  }

  #download(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const id = url.pathname.split('/')[2] ?? '';
    const file = [...this.#cloud.teams.values()].map((team) => team.files.get(id)).find(Boolean);
    const token = this.#cloud.tokens.get(bearer(request));
    const allowed = token && !token.refused && token.scopes.has('files:read');
    if (!file || !allowed) {
      // Slack shows its sign-in page rather than refuse.
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>Slack</title>');
      return;
    }
    response.writeHead(200, { 'content-type': file.mimetype }).end(file.bytes);
  }

  /** The consent page, with somebody who says yes at once. */
  #authorize(url: URL, response: ServerResponse): void {
    const redirect = url.searchParams.get('redirect_uri');
    const [team] = this.#cloud.teams.values();
    if (!redirect || !team || url.searchParams.get('client_id') !== this.#cloud.app.clientId) {
      response.writeHead(400).end('invalid client');
      return;
    }
    const code = this.#cloud.id('code.');
    this.#cloud.codes.set(code, { team, orgWide: false });
    const target = new URL(redirect);
    target.searchParams.set('code', code);
    target.searchParams.set('state', url.searchParams.get('state') ?? '');
    response.writeHead(302, { location: target.href }).end();
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

function bearer(request: IncomingMessage): string {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  return scheme === 'Bearer' ? (value ?? '') : '';
}

function basic(request: IncomingMessage): readonly [string, string] | null {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  if (scheme !== 'Basic' || !value) return null;
  const [user = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return [user, password];
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}

/** The bytes of an upload, bare or as the only part of a form. */
function uploaded(contentType: string, body: Buffer): Buffer {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (!mark) return body;
  const start = body.indexOf('\r\n\r\n');
  const end = body.lastIndexOf(`\r\n--${mark}`);
  return start < 0 || end < start ? body : body.subarray(start + 4, end);
}
