import type { ModelRequest } from '../../src/prompting/chat-model.js';
import { EndpointFailure } from './endpoint-failure.js';

/** So many words in a row that also stand in the request are an echo of it. */
const leastWords = 3;

/** The failure without what its text repeats of the request: what people write belongs in no log. */
export function withoutEcho(failure: EndpointFailure, request: ModelRequest): EndpointFailure {
  const message = blankEcho(failure.message, textOf(request));
  if (message === failure.message) return failure;
  const { kind, status, retryAfterMs, wait, serverError } = failure;
  return new EndpointFailure(kind, message, {
    ...(status !== null && { status }),
    ...(wait && { wait }),
    retryAfterMs,
    serverError: serverError && { ...serverError, message },
  });
}

function blankEcho(message: string, request: string): string {
  const words = [...message.matchAll(/[\p{L}\p{N}'’]+/gu)].map(({ 0: word, index }) => ({ word, index }));
  const known = ` ${wordsOf(request)} `;
  const kept: string[] = [];
  let from = 0;
  for (let at = 0; at < words.length; ) {
    let end = at;
    let run = '';
    while (end < words.length && known.includes(`${run} ${words[end]?.word.toLowerCase()} `)) {
      run += ` ${words[end]?.word.toLowerCase()}`;
      end += 1;
    }
    const first = words[at];
    const last = words[end - 1];
    if (first && last && end - at >= leastWords) {
      kept.push(message.slice(from, first.index), '…');
      from = last.index + last.word.length;
      at = end;
    } else at += 1;
  }
  return kept.join('') + message.slice(from);
}

function wordsOf(text: string): string {
  return (text.match(/[\p{L}\p{N}'’]+/gu) ?? []).join(' ').toLowerCase();
}

function textOf({ endpoint, body }: ModelRequest): string {
  if (endpoint === 'chat/completions') return body.messages.map(({ content }) => content).join('\n');
  return typeof body.prompt === 'string' ? body.prompt : '';
}
