import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Random } from '../../src/clock.js';
import { type PersonId, personId } from '../../src/ids.js';

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
