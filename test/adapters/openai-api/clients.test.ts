import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { personId } from '../../../src/ids.js';
import { says } from '../../session/scripted-model.js';
import { startServer, type TestServer } from '../web/server.js';

interface Line {
  readonly role: string;
  readonly content: unknown;
  readonly [more: string]: unknown;
}

const model = 'maren-voss';
const user = (content: unknown): Line => ({ role: 'user', content });
const assistant = (content: unknown): Line => ({ role: 'assistant', content });
const system = (content: unknown): Line => ({ role: 'system', content });

/** What each client sends, in its own form, and that the reply follows the history in it (issue 14, C.2). */
describe('a client that sends the whole history', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  beforeEach(() => {
    server.model.usual = says('I hear you. ', 'Tell me more.');
    server.model.requests.length = 0;
  });
  afterAll(() => server.stop());

  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<string> => {
    const answer = await fetch(`${server.url}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-none', ...headers },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    expect([answer.status, text]).toEqual([200, expect.any(String)]);
    return text;
  };
  /** The words of a reply, streamed or not. */
  const words = (answer: string): string => {
    if (answer.startsWith('{')) return JSON.parse(answer).choices[0].message.content;
    return answer
      .split('\n')
      .flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6))] : []))
      .map(({ choices }) => choices[0]?.delta?.content ?? '')
      .join('');
  };
  /** The conversation as the model was shown it last, without what Rapport wrote itself. */
  const shown = (): string =>
    server.model.prompt
      .slice(server.model.prompt.indexOf('\nuser: '))
      .replace(/<turn-notes>[\s\S]*?<\/turn-notes>\s*/g, '')
      .trim();
  const kept = async (name: string): Promise<number> =>
    (await server.store.people.export(personId(`openai-api:${name}`), 0)).sessions.length;

  describe('LibreChat', () => {
    /** Its default parameters: the id of its user in `user`, streamed, text in parts where files may be attached. */
    const send = async (messages: Line[], more = {}): Promise<string> =>
      words(
        await post('chat/completions', {
          ...{ model, user: '66f1c0ffee', stream: true, stream_options: { include_usage: true } },
          ...{ temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0, messages, ...more },
        }),
      );
    const first = user([{ type: 'text', text: 'My cat is called Pixel' }]);

    it('begins a new chat that knows nothing of the one before (C.2)', async () => {
      await send([first]);
      await send([first, assistant('A fine name.'), user('She is old')]);
      expect(shown()).toBe('user: My cat is called Pixel\nassistant: A fine name.\nuser: She is old');
      await send([user('What should I cook?')]);
      expect(shown()).toBe('user: What should I cook?');
      expect(await kept('66f1c0ffee')).toBe(0);
    });

    it('asks for titles beside the chat, which goes on untouched (C.2)', async () => {
      await send([first]);
      const title =
        'Provide a concise title.\n\nConversation:\nUser: My cat is called Pixel\nAI: I hear you.';
      expect(await send([user(title)], { stream: false, stream_options: undefined })).not.toBe('');
      await send([first, assistant('I hear you. Tell me more.'), user('She is old')]);
      expect(shown()).not.toContain('concise title');
    });

    it('regenerates and edits: the reply is to what was sent (C.2)', async () => {
      await send([first]);
      server.model.next(says('Another reply.'));
      expect(await send([first])).toBe('Another reply.');
      expect(shown()).toBe('user: My cat is called Pixel');
      await send([user('My dog is called Rex'), assistant('Good dog.'), user('He is old')]);
      expect(shown()).toBe('user: My dog is called Rex\nassistant: Good dog.\nuser: He is old');
    });
  });

  describe('Open WebUI', () => {
    /** No `user`; its own tasks come unstreamed, as one message that holds the chat. */
    const task = (what: string, form: string): Line =>
      user(
        `### Task:\n${what}\n### Output:\nJSON format: ${form}\n### Chat History:\n<chat_history>\nUSER: I cannot sleep\nASSISTANT: I hear you.\n</chat_history>`,
      );

    it.each([
      ['title', task('Write a title for the chat.', '{ "title": "…" }')],
      ['tags', task('Write one to three tags.', '{ "tags": ["…"] }')],
      ['follow-ups', task('Suggest three follow-up questions.', '{ "follow_ups": ["…"] }')],
    ])('asks for %s beside the chat (C.2)', async (_, lines) => {
      expect(words(await post('chat/completions', { model, messages: [lines], stream: false }))).not.toBe('');
      const chat = [
        system('Today is Monday.'),
        user('I cannot sleep'),
        assistant('I hear you.'),
        user('Why?'),
      ];
      await post('chat/completions', { model, messages: chat, stream: true });
      expect(shown()).toBe('user: I cannot sleep\nassistant: I hear you.\nuser: Why?');
    });

    it('goes on with a reply that was cut off, and is sent only the rest (C.3)', async () => {
      server.model.next(says('I was going to say that it will pass.'));
      const messages = [user('I cannot sleep'), assistant('I was going')];
      const answer = words(await post('chat/completions', { model, messages, stream: true }));
      expect(answer).toBe(' to say that it will pass.');
      expect(shown()).toContain('user: I cannot sleep\nassistant: I was going\nuser: ');
      expect(server.model.prompt).toContain('Your last message breaks off');
    });
  });

  describe('SillyTavern', () => {
    const head = [system('Write the next reply in a fictional chat.'), system('[Start a new Chat]')];
    const send = async (messages: Line[]): Promise<string> =>
      words(
        await post('chat/completions', {
          ...{ model, user: 'st', temperature: 1, max_tokens: 300, max_completion_tokens: 300, stream: true },
          ...{ presence_penalty: 0, frequency_penalty: 0, top_p: 1, stop: [], logit_bias: {}, messages },
        }),
      );
    const greeting = assistant('Come in, sit down.');

    it('begins with a greeting and swipes: each reply is to the history without the last (C.2)', async () => {
      for (const reply of ['One.', 'Two.']) {
        server.model.next(says(reply));
        expect(await send([...head, greeting, user('Hello')])).toBe(reply);
        expect(shown()).toMatch(/assistant: Come in, sit down\.\nuser: Hello$/);
      }
      await send([...head, greeting, user('Hello'), assistant('One.'), user('And you?')]);
      expect(shown()).toMatch(/user: Hello\nassistant: One\.\nuser: And you\?$/);
    });

    it.each([
      ['the reply itself at the end', []],
      [
        'its nudge behind it',
        [system('[Continue your last message without repeating its original content.]')],
      ],
    ])('continues with %s (C.3)', async (_, nudge) => {
      server.model.next(says('There is tea, and more of it.'));
      const answer = await send([...head, greeting, user('Hello'), assistant('There is tea,'), ...nudge]);
      expect(answer).toBe(' and more of it.');
    });
  });

  describe('openai-node', () => {
    const client = (headers = {}): OpenAI =>
      new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0, defaultHeaders: headers });
    const ask = (by: OpenAI, content: string): Promise<unknown> =>
      by.chat.completions.create({ model, user: 'node', messages: [{ role: 'user', content }] });

    it('keeps a conversation where the header asks for one, each under its name (C.2)', async () => {
      const [work, home] = ['work', 'home'].map((name) => client({ 'X-Rapport-Conversation': name }));
      if (!work || !home) throw new Error('two clients');
      await ask(work, 'My boss is called Vera');
      await ask(work, 'What do I do?');
      expect(shown()).toContain('user: My boss is called Vera');
      await ask(home, 'What do I do?');
      await ask(client(), 'What do I do?');
      expect(shown()).toBe('user: What do I do?');
      expect(await kept('node')).toBe(2);
    });

    it('is told whose conversation it is to be (C.2)', async () => {
      const nobody = client({ 'x-rapport-conversation': 'mine' }).chat.completions.create({
        ...{ model, messages: [{ role: 'user', content: 'hello' }] },
      });
      await expect(nobody).rejects.toMatchObject({ status: 400, param: 'user' });
    });

    it('is known by what its user asked to be remembered, in every chat and by nobody else (C.2)', async () => {
      await ask(client(), '!remember I am vegan');
      await ask(client(), 'What shall I cook tonight?');
      expect(server.model.prompt).toContain('I am vegan');
      await client().chat.completions.create({
        ...{ model, user: 'other', messages: [{ role: 'user', content: 'What shall I cook tonight?' }] },
      });
      expect(server.model.prompt).not.toContain('I am vegan');
      expect(await kept('node')).toBe(2);
    });
  });

  it('the AI SDK: the ids of its replies with `user`, each chat by itself (C.2)', async () => {
    const input = [user([{ type: 'input_text', text: 'My cat is called Pixel' }])];
    const first = JSON.parse(await post('responses', { model, user: 'sdk', input }));
    const item = { type: 'item_reference', id: first.output[0].id };
    await post('responses', { model, user: 'sdk', input: [...input, item, user('She is old')] });
    expect(shown()).toBe(
      'user: My cat is called Pixel\nassistant: I hear you. Tell me more.\nuser: She is old',
    );
    await post('responses', { model, user: 'sdk', input: [user('Hello')] });
    expect(shown()).toBe('user: Hello');
  });

  it('parallel calls of one user are answered side by side (C.3)', async () => {
    server.model.usual = async function* (request) {
      const text = request.endpoint === 'chat/completions' ? request.body.messages.at(-1)?.content : '';
      yield `You said: ${text?.split('\n').at(-1)}`;
    };
    const answers = await Promise.all(
      [1, 2, 3].map((n) =>
        post('chat/completions', { model, user: 'busy', messages: [user(`number ${n}`)] }),
      ),
    );
    expect(answers.map(words)).toEqual([1, 2, 3].map((n) => `You said: number ${n}`));
    expect(shown()).not.toContain('\n');
  });

  it('is answered by the same matched character all along, whatever is talked about later (C.2)', async () => {
    const opening = user('My husband died, grief keeps me awake at night');
    const matched = async (messages: Line[]): Promise<string> =>
      JSON.parse(await post('chat/completions', { model: 'rapport/matched', messages })).model;
    const who = await matched([opening]);
    const later = [
      'my boss shouts at me',
      'my exams at school',
      'debts and rent',
      'the army, the war',
    ].flatMap((line) => [assistant('I see.'), user(line)]);
    expect(await matched([opening, ...later])).toBe(who);
    expect(await matched([user('hi'), assistant('Hello.'), opening, ...later])).toBe(who);
  });
});
