import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { traceView } from '../../../adapters/web/views.js';
import { personId, sessionId } from '../../../src/ids.js';
import { says, waits } from '../../session/scripted-model.js';
import { gate, World } from '../../session/world.js';
import { Browser, startServer, type TestServer } from './server.js';

const clean = 'That is a lot to carry. ';
const secret = 'This stays between us.';
const other = 'You can tell a friend.';
const truth = 'this is an AI, not a human being';

describe('words that must not be said', () => {
  let server: TestServer;
  let ada: Browser;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    ada = new Browser(server.url);
    server.model.usual = says('I hear you. ', 'Tell me more.');
  });

  const tell = async (id: string, text: string): Promise<string> => {
    await ada.call('POST', `/api/sessions/${id}/messages`, { id: 'message-1', text }, 202);
    await server.sessions.settled(sessionId(id));
    return JSON.stringify(await ada.call('GET', `/api/sessions/${id}`));
  };

  it('are not on the page, nor in its trace but for their kind, nor in what is exported', async () => {
    const id = await ada.open('maren-voss');
    server.model.next(says(clean, secret), says(other));
    const page = await tell(id, 'hello');
    expect(page).toContain(`${clean.trim()}\\n\\n${other}`);
    expect(page).not.toContain(secret);
    const { entries } = await server.store.transcript.page(sessionId(id), { limit: 10 });
    const reply = entries.findLast(({ role }) => role === 'supporter');
    const trace = await ada.call(
      'GET',
      `/api/sessions/${id}/entries/${encodeURIComponent(reply?.id ?? '')}/trace`,
    );
    expect(JSON.stringify(trace)).toContain('secrecy');
    expect(JSON.stringify(trace)).not.toContain(secret);
    expect(JSON.stringify(await ada.call('GET', '/api/me/export'))).not.toContain(secret);
    const { config } = new World(server.store).services;
    const open = {
      config: { ...config, server: { ...config.server, host: '0.0.0.0' } },
      store: server.store,
    };
    expect(JSON.stringify(await traceView(reply, { ownerId: personId('web:ada') }, open))).not.toContain(
      'secrecy',
    );
  });

  it('give way to the truth for whoever asks', async () => {
    const id = await ada.open('maren-voss');
    server.model.usual = says('Of course I am. I am a real person.');
    const page = await tell(id, 'Are you a real person?');
    expect(page).toContain(truth);
    expect(page).not.toContain('I am a real person');
  });

  describe('through the OpenAI-compatible API', () => {
    const client = (): OpenAI => new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const ask = (content: string) => ({
      model: 'maren-voss',
      messages: [{ role: 'user' as const, content }],
    });

    it('are in no chunk of a stream, and the stream is whole', async () => {
      const more = gate();
      server.model.next(waits(clean, more.opened, secret), says(other));
      const stream = await client().chat.completions.create({ ...ask('hello'), stream: true });
      let said = '';
      for await (const { choices } of stream) {
        said += choices[0]?.delta.content ?? '';
        if (said !== '') more.open();
      }
      expect(said).toBe(`${clean.trim()}\n\n${other}`);
    });

    it('twice: the platform answers in plain words, streamed or whole', async () => {
      server.model.usual = says('I know where you live.');
      const instead = await new World(server.store).services.care.instead('threat', 'hello');
      const whole = await client().chat.completions.create(ask('hello'));
      expect(whole.choices[0]?.message.content).toBe(instead);
      const stream = await client().chat.completions.create({ ...ask('hello'), stream: true });
      let said = '';
      for await (const { choices } of stream) said += choices[0]?.delta.content ?? '';
      expect(said).toBe(whole.choices[0]?.message.content);
    });

    it('give way to the truth for whoever asks', async () => {
      server.model.usual = says('Yes. I am human.');
      const { choices } = await client().chat.completions.create(ask('are you human?'));
      expect(choices[0]?.message.content).toContain(truth);
      expect(choices[0]?.message.content).not.toContain('I am human');
    });
  });
});
