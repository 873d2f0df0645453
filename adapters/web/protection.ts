import { createHash, timingSafeEqual } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { RapportError } from '../../config/errors.js';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** True for addresses only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Answers only to its own names: a page of another site that resolves its name to this address (DNS rebinding) is refused.
 * Without an API key only loopback names and `allowed` count; with a key any name does, for the key is what protects.
 */
export function knownHost(allowed: readonly string[], keyed: boolean): MiddlewareHandler {
  return async (context, next) => {
    const name = hostName(context.req.header('host') ?? '');
    if (!keyed && !loopbackNames.has(name) && !/^127\./.test(name) && !allowed.includes(name))
      throw new RapportError('RAPPORT_E_FORBIDDEN_ORIGIN');
    await next();
  };
}

/**
 * Writing requests must not come from a page of another site: where an origin is sent it must be ours, and the request must
 * carry something a foreign form cannot: our header, a key, or JSON (which browsers ask about first, and we never agree).
 */
export function sameSite(): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (method !== 'GET' && method !== 'HEAD') {
      const origin = context.req.header('origin');
      const foreign =
        origin !== undefined &&
        hostName(origin.replace(/^https?:\/\//, '')) !== hostName(context.req.header('host') ?? '');
      const ownRequest =
        context.req.header('x-rapport') ??
        context.req.header('authorization') ??
        context.req.header('content-type')?.startsWith('application/json');
      if (foreign || !ownRequest) throw new RapportError('RAPPORT_E_FORBIDDEN_ORIGIN');
    }
    await next();
  };
}

const keyCookie = 'rapport_key';

/**
 * Asks for the API key: as `Authorization: Bearer`, or as the cookie that a correct header leaves behind (EventSource
 * cannot send headers). The cookie holds a digest, is not readable by scripts and never sent by other sites.
 */
export function bearerKey(apiKey: string, { cookie }: { readonly cookie: boolean }): MiddlewareHandler {
  const wanted = digest(apiKey);
  const cookieValue = digest(`cookie:${apiKey}`).toString('hex');
  return async (context, next) => {
    const given = /^Bearer\s+(.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given.trim()), wanted)) {
      if (cookie && getCookie(context, keyCookie) !== cookieValue)
        setCookie(context, keyCookie, cookieValue, { httpOnly: true, sameSite: 'Strict', path: '/' });
    } else if (!cookie || getCookie(context, keyCookie) !== cookieValue)
      throw new RapportError('RAPPORT_E_UNAUTHORIZED');
    await next();
  };
}

/** At most `perMinute` writing requests from one client address, refilled evenly. */
export function rateLimit(perMinute: number, elapsed: () => number): MiddlewareHandler {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return async (context, next) => {
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      const now = elapsed();
      const address = clientAddress(context);
      const bucket = buckets.get(address) ?? { tokens: perMinute, at: now };
      bucket.tokens = Math.min(perMinute, bucket.tokens + ((now - bucket.at) * perMinute) / 60_000);
      bucket.at = now;
      if (buckets.size > 10_000) buckets.clear();
      buckets.set(address, bucket);
      if (bucket.tokens < 1)
        throw new RapportError('RAPPORT_E_RATE_LIMITED', {
          limit: perMinute,
          seconds: Math.ceil(((1 - bucket.tokens) * 60) / perMinute),
        });
      bucket.tokens -= 1;
    }
    await next();
  };
}

function clientAddress(context: Context): string {
  return getConnInfo(context).remote.address ?? 'unknown';
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
