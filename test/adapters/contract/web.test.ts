import { createEventParser } from '../../../adapters/web/page/src/api/event-parser.js';
import { personId, sessionId } from '../../../src/ids.js';
import { Browser, startServer } from '../web/server.js';
import { adapterContract } from './adapter-contract.js';

adapterContract(async () => {
  const server = await startServer();
  const ada = new Browser(server.url);
  const id = await ada.open();
  const person = /rapport_person=([^;]+)/.exec(ada.cookie)?.[1] ?? '';
  const shown = new Map<string, string>();
  const leaving = new AbortController();
  const page = await fetch(`${server.url}/api/sessions/${id}/events`, {
    headers: { cookie: ada.cookie },
    signal: leaving.signal,
  });
  const watching = watch(page, (event, data) => {
    if (event === 'message') shown.set(`${data.turnId}:${data.messageId}`, String(data.text));
  });
  let written = 0;
  const send = (text: string, key: string): Promise<unknown> =>
    ada.call('POST', `/api/sessions/${id}/messages`, { id: key, text }, 202);
  const write = (text: string): Promise<unknown> => {
    written += 1;
    return send(text, `message-${written}`);
  };
  return {
    adapter: server.web,
    store: server.store,
    sessions: server.sessions,
    model: server.model,
    person: personId(`web:${person}`),
    session: sessionId(id),
    platformChars: server.web.capabilities.maxChars,
    write,
    writeTwice: async (text) => {
      await write(text);
      await send(text, `message-${written}`);
    },
    shown: () => [...shown.values()],
    pressStop: () => ada.call('POST', `/api/sessions/${id}/stop`, {}, 202),
    close: async () => {
      leaving.abort();
      await watching;
      await server.stop();
    },
  };
});

/** Reads a page's events until it is left. */
async function watch(
  { body }: Response,
  take: (event: string, data: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  const feed = createEventParser(({ name, data }) => take(name, JSON.parse(data)));
  try {
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) feed(part);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
  }
}
