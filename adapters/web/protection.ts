import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { RapportError } from '../../config/errors.js';
import type { Random } from '../../src/clock.js';
import { type PersonId, personId } from '../../src/ids.js';
import type { KeyGuesses } from './rate-limit.js';

/** True for addresses only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A host name has no more characters. */
const longestName = 253;

/**
 * Answers only to its own names: a page of another site that resolves its name to this address (DNS rebinding) is refused.
 * Without an API key only loopback names and `allowed` count; with a key any name does, for the key is what protects.
 */
export function knownHost(allowed: readonly string[], keyed: boolean): MiddlewareHandler {
  return async (context, next) => {
    const name = hostName(context.req.header('host') ?? '');
    if (!keyed && name !== '[::1]' && !isLoopback(name) && !allowed.includes(name))
      throw new RapportError('RAPPORT_E_FORBIDDEN_HOST', { host: name.slice(0, longestName) });
    await next();
  };
}

/**
 * Nothing here is for pages of another site, links included: a browser that follows one sends no identity cookie and would
 * be handed a new one in place of the person's own. Writing requests must besides come with our own origin where one is
 * sent, and carry something a foreign form cannot: our header, a key, or JSON (which browsers ask about first, and we
 * never agree).
 * @param others origins that are let in all the same.
 */
export function sameSite(others: readonly string[] = []): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (others.includes(context.req.header('origin') ?? '')) return next();
    if (context.req.header('sec-fetch-site') === 'cross-site')
      throw new RapportError('RAPPORT_E_FORBIDDEN_ORIGIN');
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
export function bearerKey(
  apiKey: string,
  { cookie, guesses }: { readonly cookie: boolean; readonly guesses: KeyGuesses },
): MiddlewareHandler {
  const wanted = digest(apiKey);
  const cookieValue = digest(`cookie:${apiKey}`).toString('hex');
  const wantedCookie = digest(cookieValue);
  const known = (context: Context): boolean =>
    timingSafeEqual(digest(getCookie(context, keyCookie) ?? ''), wantedCookie);
  return async (context, next) => {
    const given = /^Bearer\s+(.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (cookie && known(context)) return next();
    if (given !== undefined) guesses.before(context);
    if (given !== undefined && timingSafeEqual(digest(given.trim()), wanted)) {
      if (cookie)
        setCookie(context, keyCookie, cookieValue, { httpOnly: true, sameSite: 'Strict', path: '/' });
    } else {
      if (given !== undefined) guesses.wrong(context);
      throw new RapportError('RAPPORT_E_UNAUTHORIZED');
    }
    return next();
  };
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const cookieName = 'rapport_person';
const oneYear = 365 * 24 * 60 * 60;

/**
 * Who is at the page: an unguessable id in a cookie that scripts cannot read and other sites cannot send. There is no
 * account; who clears the cookie is a new person (export first, erase when done).
 */
export function personOf(context: Context, random: Random): PersonId {
  const known = getCookie(context, cookieName);
  if (known !== undefined && /^[0-9a-f-]{36}$/.test(known)) return personId(`web:${known}`);
  const id = random.id();
  setCookie(context, cookieName, id, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: oneYear });
  return personId(`web:${id}`);
}
