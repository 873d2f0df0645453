import { createHash } from 'node:crypto';
import OpenAI from 'openai';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { personId, sessionId } from '../../../src/ids.js';
import { startServer } from '../web/server.js';
import { adapterContract } from './adapter-contract.js';

const [user, model, name] = ['ada', 'maren-voss', 'one'];

adapterContract(async () => {
  const server = await startServer();
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
  const session = createHash('sha256')
    .update(JSON.stringify([user, model, name]))
    .digest('hex')
    .slice(0, 32);
  const shown: string[] = [];
  let calls = 0;
  let leaving = new AbortController();
  /** One call; its reply grows in `shown`. */
  const call = async (content: string, key: string): Promise<void> => {
    leaving = new AbortController();
    const stream = await client.chat.completions.create(
      { model, user, stream: true, messages: [{ role: 'user', content }] },
      { signal: leaving.signal, headers: { 'idempotency-key': key, 'x-rapport-conversation': name } },
    );
    const at = shown.push('') - 1;
    for await (const { choices } of stream) shown[at] += choices[0]?.delta.content ?? '';
  };
  const write = (text: string): Promise<void> => {
    calls += 1;
    return call(text, `call-${calls}`);
  };
  return {
    adapter: server.api,
    store: server.store,
    sessions: server.sessions,
    model: server.model,
    person: personId(`openai-api:${user}`),
    session: sessionId(`openai-api:${session}`),
    platformChars: server.api.capabilities.maxChars,
    write,
    writeTwice: async (text) => {
      await write(text);
      await call(text, `call-${calls}`);
    },
    shown: () => shown,
    pressStop: async () => leaving.abort(),
    watch: ({ channel }) => {
      const messages = new Map<string, number>();
      server.api.listen(channel, ({ text, turnId }: OutgoingMessage) => {
        const at = messages.get(turnId) ?? shown.push('') - 1;
        messages.set(turnId, at);
        shown[at] = text;
      });
    },
    close: () => server.stop(),
  };
});
