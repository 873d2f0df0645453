import { DiscordError } from './errors.js';

/** A limit that a test ordered: its header names the wait exactly, where Discord rounds up to seconds. */
export function orderedLimit(waitMs: number, scope: 'user' | 'global' | 'shared'): DiscordError {
  const error = tooMany(waitMs, scope);
  return new DiscordError(error.status, error.code, error.message, {
    headers: { ...error.headers, 'retry-after': String(waitMs / 1_000) },
    extra: error.extra,
  });
}

/** 429 in Discord's words. */
export function tooMany(
  waitMs: number,
  scope: 'user' | 'global' | 'shared',
  code = 0,
  message = scope === 'shared' ? 'The resource is being rate limited.' : 'You are being rate limited.',
): DiscordError {
  const seconds = Math.ceil(waitMs) / 1_000;
  return new DiscordError(429, code, message, {
    headers: {
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': scope,
      ...(scope === 'global' ? { 'x-ratelimit-global': 'true' } : {}),
    },
    extra: { retry_after: seconds, global: scope === 'global' },
  });
}
