import { createHmac } from 'node:crypto';
import type { Clock } from '../src/clock.js';
import type { Alert } from '../src/state/alert.js';

/** The longest a webhook may take, ms. */
const webhookMs = 3_500;
/** What is read of its answer, bytes; one that is longer says nothing. */
const answerBytes = 4_096;

/**
 * Tells a webhook. One that answers `{"taken": true}` has somebody who takes it. With a secret the header `x-rapport-signature` is
 * `t=<s since the epoch>,v1=<HMAC-SHA256 of "<t>.<body>" in hexadecimal>`: who sent it, and when.
 * @throws where it does not take it in.
 */
export async function postAlert(
  url: string,
  { id, person, name, text }: Alert,
  { secret, clock }: { readonly secret: string | undefined; readonly clock: Clock },
): Promise<'told' | 'taken'> {
  const body = JSON.stringify({ alert: id, person, name, text: text(`${name} (${person})`) });
  const seconds = Math.floor(clock.now() / 1_000);
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(secret !== undefined && {
        'x-rapport-signature': `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`,
      }),
    },
    body,
    signal: AbortSignal.timeout(webhookMs),
    redirect: 'error',
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`the webhook answered ${answer.status}`);
  }
  // It has taken it in; what it says further may fail.
  const said = await shortAnswer(answer).catch(() => null);
  const taken = typeof said === 'object' && said !== null && 'taken' in said && said.taken === true;
  return taken ? 'taken' : 'told';
}

async function shortAnswer(answer: Response): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.length;
    // Leaving the loop ends the connection.
    if (size > answerBytes) return null;
    pieces.push(piece);
  }
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}
