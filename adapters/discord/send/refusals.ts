import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest';
import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { type RapportError, reasonOf } from '../../../config/errors.js';
import { deliveryRefused } from '../../../src/delivery/refusal.js';

/** The bot lacks a permission in the place itself. */
const forbidden: ReadonlySet<number> = new Set([
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
]);

/** A server that could not be reached at all has accepted nothing. */
const unreached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Waits where Discord names none, ms. */
const tokenRefusedMs = 30_000;
const blockedMs = 60_000;

/** Discord's own error code (10003 unknown channel …); null for anything else. */
export function discordCode(thrown: unknown): number | null {
  return thrown instanceof DiscordAPIError && typeof thrown.code === 'number' ? thrown.code : null;
}

export function isForbidden(thrown: unknown): boolean {
  return forbidden.has(discordCode(thrown) ?? 0);
}

/** How long Discord wants to be left alone, ms; 0 where it says nothing of the kind. */
export function waitOf(thrown: unknown): number {
  return thrown instanceof RateLimitError ? Math.ceil(Math.max(thrown.retryAfter, thrown.timeToReset)) : 0;
}

/** Whether trying again later can help: rate limits, Discord's own failures, the network. */
export function isPassing(thrown: unknown): boolean {
  if (thrown instanceof RateLimitError || thrown instanceof HTTPError) return true;
  if (thrown instanceof DiscordAPIError) return thrown.status === 401 || typeof thrown.code !== 'number';
  if (!(thrown instanceof Error)) return false;
  return thrown.name === 'AbortError' || thrown.name === 'TimeoutError' || codeOf(thrown) !== '';
}

/**
 * For what may be done twice: whether it is tried a second time, since it got lost on the way there or back, or Discord failed
 * over it. What Discord refused stays refused.
 */
export function tryOnceMore(thrown: unknown, tries: number): boolean {
  return tries === 1 && !(thrown instanceof DiscordAPIError || thrown instanceof RateLimitError);
}

/**
 * What a failed call means for the core. Discord's answers with an error code are final (a channel that is gone, a missing
 * permission, a refused body); failures without an answer leave open whether the call took effect.
 */
export function refusalOf(thrown: unknown): RapportError {
  const reason = reasonOf(thrown);
  if (thrown instanceof RateLimitError)
    return deliveryRefused(
      'discord',
      { reason: 'rate limit', retryAfterMs: Math.max(1, waitOf(thrown)) },
      thrown,
    );
  if (thrown instanceof DiscordAPIError) {
    // A refused token is replaced by the operator; an answer without Discord's code comes from a proxy on the way.
    if (thrown.status === 401 && thrown.code !== RESTJSONErrorCodes.InvalidWebhookToken)
      return deliveryRefused('discord', { reason, retryAfterMs: tokenRefusedMs }, thrown);
    if (typeof thrown.code !== 'number' || thrown.code === 0)
      return thrown.status === 404
        ? deliveryRefused('discord', { reason, permanent: true }, thrown)
        : deliveryRefused('discord', { reason, retryAfterMs: blockedMs }, thrown);
    return deliveryRefused('discord', { reason: `${reason} (${thrown.code})`, permanent: true }, thrown);
  }
  if (thrown instanceof HTTPError)
    return deliveryRefused('discord', { reason: `HTTP ${thrown.status}`, ambiguous: true }, thrown);
  return deliveryRefused('discord', { reason, ambiguous: !unreached.has(codeOf(thrown)) }, thrown);
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return thrown.cause === undefined ? '' : codeOf(thrown.cause);
}
