import { type SessionId, sessionId } from '../../../src/ids.js';

/** First letters of the kinds of Discord sessions, so that a button's id has room for more. */
const letters = { dm: 'd', thread: 't', user: 'u', channel: 'c' } as const;
const kinds = Object.entries(letters) as readonly (readonly [keyof typeof letters, string])[];

/** Whether an id is the short form of a Discord session: `d1`, `t1`, `u1.2`, `c1.2`. */
export const sessionCodePattern = /^(?:[dt]\d{1,20}|[uc]\d{1,20}\.\d{1,20})$/;

/**
 * The short form of a Discord session's id, at most 42 characters: `discord:user:1:2` → `u1.2`.
 * @throws TypeError for the id of another platform.
 */
export function sessionCode(id: SessionId): string {
  const [platform, kind = '', ...numbers] = id.split(':');
  const letter = kinds.find(([name]) => name === kind)?.[1] ?? '';
  const code = `${letter}${numbers.join('.')}`;
  if (platform !== 'discord' || !sessionCodePattern.test(code))
    throw new TypeError(`"${id}" is no Discord session`);
  return code;
}

/** The id behind a short form that {@link sessionCodePattern} takes. */
export function sessionOfCode(code: string): SessionId {
  const kind = kinds.find(([, letter]) => letter === code[0])?.[0] ?? '';
  return sessionId(['discord', kind, ...code.slice(1).split('.')].join(':'));
}
