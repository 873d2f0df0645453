import { DiscordAPIError, HTTPError, RateLimitError } from '@discordjs/rest';
import { describe, expect, it } from 'vitest';
import { isForbidden, isPassing, refusalOf } from '../../../../adapters/discord/send/refusals.js';
import { readRefusal } from '../../../../src/delivery/refusal.js';

const answered = (status: number, code: number | undefined, message = 'refused'): DiscordAPIError =>
  new DiscordAPIError(
    { code: code as number, message },
    code as number,
    status,
    'POST',
    'https://discord.example',
    { files: undefined, body: undefined },
  );
const read = (thrown: unknown) => readRefusal(refusalOf(thrown));

describe('refusalOf', () => {
  it.each([
    10003, 10004, 10008, 10015, 20028, 30046, 40060, 50001, 50007, 50013, 50027, 50035, 50083, 160005, 200000,
  ])('takes Discord’s error %i for good', (code) => {
    expect(read(answered(code === 50027 ? 401 : 403, code))).toMatchObject({
      permanent: true,
      ambiguous: false,
    });
  });

  it('waits where the token is refused, or something between here and Discord answers', () => {
    expect(read(answered(401, 0, '401: Unauthorized'))).toMatchObject({
      permanent: false,
      retryAfterMs: 30_000,
    });
    expect(read(answered(403, undefined))).toMatchObject({ permanent: false, retryAfterMs: 60_000 });
    expect(read(answered(404, 0, '404: Not Found'))).toMatchObject({ permanent: true });
  });

  it('leaves open whether a call that failed without an answer took effect', () => {
    const failed = new HTTPError(502, 'Bad Gateway', 'POST', 'https://discord.example', {
      files: undefined,
      body: undefined,
    });
    expect(read(failed)).toMatchObject({ permanent: false, ambiguous: true });
    expect(read(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toMatchObject({
      ambiguous: true,
    });
    expect(read(Object.assign(new Error('aborted'), { name: 'AbortError' }))).toMatchObject({
      ambiguous: true,
    });
  });

  it('knows that a server that was not reached has accepted nothing', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    expect(read(new Error('request failed', { cause }))).toMatchObject({
      permanent: false,
      ambiguous: false,
    });
  });

  it('passes on how long Discord wants to be left alone', () => {
    const limited = new RateLimitError({
      timeToReset: 4_100.2,
      retryAfter: 0,
      limit: 5,
      method: 'POST',
      hash: 'h',
      url: 'https://discord.example',
      route: '/channels/:id/messages',
      majorParameter: '1',
      global: false,
      sublimitTimeout: 0,
      scope: 'user',
    });
    expect(read(limited)).toMatchObject({ permanent: false, ambiguous: false, retryAfterMs: 4_101 });
    expect(isPassing(limited)).toBe(true);
  });

  it('tells missing permissions and passing failures apart from the rest', () => {
    expect(isForbidden(answered(403, 50013))).toBe(true);
    expect(isForbidden(answered(404, 10003))).toBe(false);
    expect(isPassing(answered(404, 10003))).toBe(false);
    expect(isPassing(new TypeError('a mistake in the program'))).toBe(false);
    expect(isPassing(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBe(true);
  });
});
