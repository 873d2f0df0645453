import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import { cardLimits } from '../../characters/cards/limits.js';
import { RapportError } from '../../config/errors.js';
import { packageRoot } from '../../config/root.js';
import { errorResponse, readAway, toCoded } from './bodies.js';
import { clientAddress } from './client-address.js';
import { bearerKey, isLoopback, knownHost, sameSite } from './protection.js';
import { KeyGuesses, rateLimit } from './rate-limit.js';
import { apiRoutes } from './routes/api.js';
import { faceRoutes } from './routes/faces.js';
import type { WebAdapter } from './web-adapter.js';
import type { WebServices } from './web-services.js';

export interface HttpServer {
  readonly url: string;
  /** Takes no new connection and ends the open ones. */
  stop(): Promise<void>;
}

/** A key that protects more than this machine has at least so many characters. */
const shortestKey = 12;

/**
 * Starts the one HTTP server: page, JSON API, OpenAI-compatible API, metrics, health.
 * @throws RapportError RAPPORT_E_KEY_REQUIRED for an address beyond loopback without a key, RAPPORT_E_KEY_SHORT with one
 *   that is soon guessed; RAPPORT_E_PORT_IN_USE;
 *   RAPPORT_E_ADDRESS_UNUSABLE for one that is none of this machine's, or may not be used.
 */
export async function startHttpServer(
  services: WebServices,
  adapter: WebAdapter,
  openAi: Hono,
): Promise<HttpServer> {
  const { host, port } = services.config.server;
  if (!isLoopback(host) && services.apiKey === null)
    throw new RapportError('RAPPORT_E_KEY_REQUIRED', { host });
  if (!isLoopback(host) && (services.apiKey ?? '').length < shortestKey)
    throw new RapportError('RAPPORT_E_KEY_SHORT', { host, characters: shortestKey });
  const app = createApp(services, adapter, openAi);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info: AddressInfo) => {
      const shown = host.includes(':') ? `[${host}]` : host;
      resolve({
        url: `http://${shown}:${info.port}`,
        stop: () =>
          new Promise((stopped) => {
            server.close(() => stopped());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new RapportError('RAPPORT_E_PORT_IN_USE', { host, port }, error)
          : new RapportError('RAPPORT_E_ADDRESS_UNUSABLE', { host, port, reason: error.message }, error),
      );
    });
  });
}

/** A page of the gallery asks for as many faces. */
const facesPerRequest = 10;
/** For so long the store is not asked again whether it takes writes, ms: anybody may ask. */
const readyMs = 1_000;

/** The routes and their protection, without a socket. */
function createApp(services: WebServices, adapter: WebAdapter, openAi: Hono): Hono {
  const { config, apiKey, logger, random, metrics, clock } = services;
  const app = new Hono();
  app.onError((error, context) => {
    const coded = toCoded(error, logger, random.id());
    metrics.errors.inc({ code: coded.code });
    return errorResponse(context, coded);
  });
  app.notFound((context) =>
    errorResponse(
      context,
      new RapportError('RAPPORT_E_ROUTE_UNKNOWN', { method: context.req.method, path: context.req.path }),
    ),
  );
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        imgSrc: ["'self'", 'data:'],
      },
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: false,
    }),
  );
  app.get('/healthz', (context) => context.json({ ok: true }));
  let looked: { readonly at: number; readonly ready: Promise<boolean> } | null = null;
  const ready = (): Promise<boolean> => {
    const at = clock.elapsed();
    if (!looked || at - looked.at > readyMs) looked = { at, ready: services.ready() };
    return looked.ready;
  };
  app.get('/readyz', async (context) =>
    (await ready()) ? context.json({ ready: true }) : context.json({ ready: false }, 503),
  );
  app.use(knownHost(config.server.allowedHosts, apiKey !== null));
  const limited = (maxSize: number): MiddlewareHandler =>
    bodyLimit({
      maxSize,
      onError: async (context) => {
        await readAway(context.req.raw);
        // A body without an announced length is not read to its end, and its connection is of no further use.
        context.header('Connection', 'close');
        return errorResponse(
          context,
          new RapportError('RAPPORT_E_INPUT_TOO_LARGE', {
            size: Number(context.req.header('content-length') ?? maxSize + 1),
            limit: maxSize,
          }),
        );
      },
    });
  const [tooLarge, tooLargeFile] = [config.server.maxBodyBytes, cardLimits.uploadBytes].map(limited);
  const bounded: MiddlewareHandler = (context, next) =>
    (context.req.path === '/api/characters/import' ? tooLargeFile : tooLarge)?.(context, next) ?? next();
  const client = clientAddress(config.server.trustedProxies, logger);
  const elapsed = (): number => clock.elapsed();
  const { corsOrigins, requestsPerMinute } = config.server;
  if (corsOrigins.length > 0) app.use('/v1/*', cors({ origin: corsOrigins, maxAge: 600 }));
  for (const path of ['/api/*', '/v1/*'])
    app.use(
      path,
      notKept,
      bounded,
      rateLimit({ perMinute: requestsPerMinute, elapsed, client }),
      sameSite(path === '/v1/*' ? corsOrigins : []),
    );
  app.use('/metrics', notKept);
  if (apiKey !== null) {
    const guesses = new KeyGuesses({ elapsed, client });
    app.use('/api/*', bearerKey(apiKey, { cookie: true, guesses }));
    app.use('/v1/*', bearerKey(apiKey, { cookie: false, guesses }));
    app.use('/metrics', bearerKey(apiKey, { cookie: true, guesses }));
  }
  app.get('/metrics', async (context) =>
    context.text(await metrics.registry.metrics(), 200, { 'Content-Type': metrics.registry.contentType }),
  );
  app.route('/api', apiRoutes(services, adapter));
  app.route('/v1', openAi);
  app.use('/faces/*', rateLimit({ perMinute: requestsPerMinute * facesPerRequest, elapsed, client }));
  app.route('/faces', faceRoutes(services));
  const page = join(packageRoot, 'dist/web');
  if (existsSync(page)) app.use('*', serveStatic({ root: page }));
  return app;
}

/** What is said here is somebody's own: neither a browser nor a proxy keeps it. */
const notKept: MiddlewareHandler = async (context, next) => {
  await next();
  context.header('Cache-Control', 'no-store');
};
