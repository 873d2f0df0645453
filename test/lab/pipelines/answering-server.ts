import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AskedFor {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly key: string;
  readonly seed: number;
}

export type Scripted =
  | string
  | { readonly cut: string }
  | { readonly status: number; readonly retryAfter?: string }
  | { readonly slow: string; readonly ms: number }
  | 'HANG';

/** An OpenAI-compatible chat endpoint whose answers a test writes: good, bad, cut off, slow, refused or never. */
export async function answeringServer(script: (asked: AskedFor, n: number) => Scripted) {
  const requests: AskedFor[] = [];
  const gauge = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { messages, seed } = JSON.parse(body);
      const asked = { messages, seed, key: request.headers.authorization ?? '' };
      requests.push(asked);
      gauge.now += 1;
      gauge.most = Math.max(gauge.most, gauge.now);
      response.on('close', () => {
        gauge.now -= 1;
      });
      reply(script(asked, requests.length), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    gauge,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function reply(answer: Scripted, response: ServerResponse): void {
  if (answer === 'HANG') return;
  if (typeof answer === 'object' && 'status' in answer) {
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...(answer.retryAfter && { 'retry-after': answer.retryAfter }),
    });
    response.end('{"error":{"message":"scripted"}}');
    return;
  }
  const content = typeof answer === 'string' ? answer : 'cut' in answer ? answer.cut : answer.slow;
  const finish_reason = typeof answer === 'object' && 'cut' in answer ? 'length' : 'stop';
  const send = () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        id: 'x',
        object: 'chat.completion',
        choices: [{ index: 0, finish_reason, message: { role: 'assistant', content } }],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
      }),
    );
  };
  if (typeof answer === 'object' && 'slow' in answer) setTimeout(send, answer.ms);
  else send();
}
