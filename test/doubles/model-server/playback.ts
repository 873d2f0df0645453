import type { ServerResponse } from 'node:http';
import type { Behaviour } from './behaviour.js';
import type { ChunkWriter } from './chunks.js';
import type { TimerWheel } from './timer-wheel.js';

/** Plays a planned reply as server-sent events at its scripted pace, up to its scripted fault. */
export function playStream(
  response: ServerResponse,
  chunks: ChunkWriter,
  settings: { readonly behaviour: Behaviour; readonly tokens: number; readonly wheel: TimerWheel },
): void {
  const { behaviour, tokens, wheel } = settings;
  const fault = behaviour.fault;
  const breakAt = fault && 'afterTokens' in fault ? Math.min(fault.afterTokens, tokens) : -1;

  const send = (json: string | null, then: () => void): void => {
    if (json === null || response.destroyed) {
      then();
      return;
    }
    const event = Buffer.from(`data: ${json}\n\n`);
    const cut = behaviour.splitUtf8 ? insideMultibyte(event) : -1;
    if (cut < 0) {
      response.write(event);
      then();
      return;
    }
    response.write(event.subarray(0, cut));
    wheel.schedule(2, () => {
      response.write(event.subarray(cut));
      then();
    });
  };

  const token = (index: number): void => {
    if (response.destroyed) return;
    if (index === breakAt) fail();
    else if (index >= tokens && behaviour.endless) again();
    else if (index >= tokens) finish();
    else send(chunks.text(index), () => next(index + 1));
  };

  const again = (): void => {
    if (response.destroyed) return;
    if (response.write(`data: ${chunks.text(tokens - 1)}\n\n`)) setImmediate(again);
    else response.once('drain', again);
  };

  const next = (index: number): void => {
    const pause = behaviour.tokenMs ?? 0;
    if (pause > 0 && index < tokens) wheel.schedule(pause, () => token(index));
    else if (index % 64 === 0) setImmediate(() => token(index));
    else token(index);
  };

  const fail = (): void => {
    if (fault?.kind === 'cut') wheel.schedule(2, () => response.socket?.resetAndDestroy());
    else if (fault?.kind === 'end-early') response.end();
    else if (fault?.kind === 'event') {
      const event = typeof fault.event === 'string' ? fault.event : JSON.stringify(fault.event);
      response.end(`data: ${event}\n\ndata: [DONE]\n\n`);
    }
  };

  const finish = (): void => {
    send(chunks.finish(), () => {
      send(chunks.usage(), () => {
        response.end(behaviour.doneMark === false ? undefined : 'data: [DONE]\n\n');
      });
    });
  };

  const open = (): void => {
    if (response.destroyed) return;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
    if (breakAt === 0) {
      response.flushHeaders();
      fail();
      return;
    }
    send(chunks.role(), () => token(0));
  };

  if (behaviour.ttftMs) wheel.schedule(behaviour.ttftMs, open);
  else open();
}

/** An offset inside the first character of several bytes, or -1. */
function insideMultibyte(bytes: Buffer): number {
  const start = bytes.findIndex((byte) => byte >= 0xc0);
  return start < 0 ? -1 : start + 1;
}
