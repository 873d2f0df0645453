import OpenAI, { type APIError } from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RapportError } from '../../../config/errors.js';
import { fails, says, waits } from '../../session/scripted-model.js';
import { bank, gate } from '../../session/world.js';
import { Browser, raw, startServer, type TestServer } from '../web/server.js';

const ask = (content: string, more = {}): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
  model: 'maren-voss',
  messages: [{ role: 'user', content }],
  ...more,
});
const down = new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: 'r', reason: 'refused' });

describe('the OpenAI-compatible API, with the real client', () => {
  let server: TestServer;
  let client: OpenAI;
  /** Asks for a conversation that is kept. */
  let lasting: OpenAI;
  beforeAll(async () => {
    server = await startServer();
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
    lasting = client.withOptions({ defaultHeaders: { 'x-rapport-conversation': 'one' } });
  });
  beforeEach(() => {
    server.model.usual = says('I hear you. ', 'Tell me more.');
    server.model.requests.length = 0;
  });
  afterAll(() => server.stop());

  /** What the client threw. */
  const problem = async (call: Promise<unknown>): Promise<APIError> => {
    const thrown: unknown = await call.then(
      () => null,
      (error: unknown) => error,
    );
    if (!(thrown instanceof OpenAI.APIError)) throw new Error(`expected an API error, not ${String(thrown)}`);
    return thrown;
  };
  const left = async (): Promise<number> => (await server.store.recoverable()).length;

  it('lists the characters as models', async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toHaveLength(26);
    expect(ids).toContain('rapport/matched');
    expect(await client.models.retrieve('maren-voss')).toMatchObject({ id: 'maren-voss', object: 'model' });
    expect(await client.models.retrieve('rapport/matched')).toMatchObject({ id: 'rapport/matched' });
    expect((await problem(client.models.retrieve('nobody'))).status).toBe(404);
  });

  it('answers whole, with usage, and keeps nothing of a call without a user', async () => {
    const answer = await client.chat.completions.create(ask('hello'));
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'maren-voss',
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: 'I hear you. Tell me more.' },
        },
      ],
    });
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    );
    expect(await left()).toBe(0);
    const id = answer.id.replace('chatcmpl-', 'openai-api:');
    expect(await server.store.sessions.get(id as never)).toBeNull();
  });

  it('passes on what the model’s server counted, and estimates where it did not (issue 14, C.3)', async () => {
    const { usage } = await client.chat.completions.create(ask('hello'));
    expect(usage).toEqual({ prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 });
    const care = await client.chat.completions.create(ask('I want to kill myself'));
    expect(care.usage?.completion_tokens).toBeGreaterThan(50);
  });

  it('streams, with usage where it is asked for', async () => {
    const stream = await client.chat.completions.create({
      ...ask('hello'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
      'I hear you. Tell me more.',
    );
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) } });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('gives the model the history that the client sent', async () => {
    await client.chat.completions.create({
      model: 'maren-voss',
      messages: [
        { role: 'system', content: 'You are a pirate.' },
        { role: 'user', content: 'My name is Ada.' },
        { role: 'assistant', content: 'Hello Ada.' },
        { role: 'user', content: [{ type: 'text', text: 'What is my name?' }] },
      ],
    });
    expect(server.model.prompt).toMatch(
      /user: My name is Ada\.\nassistant: Hello Ada\.\nuser: [\s\S]*What is my name\?/,
    );
    expect(server.model.prompt).not.toContain('pirate');
  });

  it('matches a character, and says which', async () => {
    const answer = await client.chat.completions.create(
      ask('My husband died, grief keeps me awake', { model: 'rapport/matched' }),
    );
    expect(bank.get(answer.model)?.tags).toContain('grief');
    expect(answer.choices[0]?.message.content).toBe('I hear you. Tell me more.');
  });

  it('keeps a conversation for each user and model where one is asked for', async () => {
    await lasting.chat.completions.create(ask('My cat is called Pixel', { user: 'ada' }));
    await lasting.chat.completions.create(ask('What is its name?', { user: 'ada' }));
    expect(server.model.prompt).toContain('My cat is called Pixel');
    await lasting.chat.completions.create(ask('What is its name?', { user: 'ben' }));
    expect(server.model.prompt).not.toContain('Pixel');
    await lasting.chat.completions.create(ask('What is its name?', { user: 'ada', model: 'rin-asakura' }));
    expect(server.model.prompt).not.toContain('Pixel');
    const matched = ask('And now matched', { user: 'ada', model: 'rapport/matched' });
    const { model } = await lasting.chat.completions.create(matched);
    expect((await lasting.chat.completions.create(matched)).model).toBe(model);
  });

  it('stops the model when the client leaves in the middle of a stream', async () => {
    const before = server.model.aborted;
    server.model.next(waits('I was going to', gate().opened));
    const stream = await lasting.chat.completions.create({
      ...ask('hello', { user: 'leaver' }),
      stream: true,
    });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await expect.poll(() => server.model.aborted).toBe(before + 1);
    await expect.poll(left).toBe(0);
    await lasting.chat.completions.create(ask('go on', { user: 'leaver' }));
    expect(server.model.prompt).toContain('I was going to');
  });

  it('stops the model when the client leaves before the first word', async () => {
    const before = server.model.aborted;
    for (const stream of [false, true]) {
      server.model.next(waits('', gate().opened));
      const leaving = new AbortController();
      const asked = server.model.requests.length + 1;
      const call = client.chat.completions.create({ ...ask('hello'), stream }, { signal: leaving.signal });
      call.catch(() => undefined);
      await server.model.asked(asked);
      leaving.abort();
      await expect.poll(() => server.model.aborted).toBe(before + (stream ? 2 : 1));
    }
    await expect.poll(left).toBe(0);
  });

  it('answers concurrent calls in one conversation each with the reply to it, apart (issue 14, C.3)', async () => {
    server.model.usual = async function* (request) {
      const text = request.endpoint === 'chat/completions' ? request.body.messages.at(-1)?.content : '';
      yield `You said: ${text?.split('\n').at(-1)}`;
    };
    const held = gate();
    server.model.next(waits('first', held.opened, ' done'));
    const first = lasting.chat.completions.create(ask('number 0', { user: 'busy' }));
    await server.model.asked(1);
    const leaving = new AbortController();
    const second = lasting.chat.completions.create(ask('number 1', { user: 'busy' }), {
      signal: leaving.signal,
    });
    second.catch(() => undefined);
    const others = [2, 3].map((n) => lasting.chat.completions.create(ask(`number ${n}`, { user: 'busy' })));
    await expect.poll(async () => (await server.store.recoverable()).length).toBe(1);
    const id = (await server.store.recoverable())[0];
    await expect.poll(() => (id ? server.store.inbox.count(id) : 0)).toBe(4);
    // A call that leaves does not take the reply of another one with it.
    leaving.abort();
    held.open();
    expect((await first).choices[0]?.message.content).toBe('first done');
    const answers = await Promise.all(others);
    expect(answers.map(({ choices }) => choices[0]?.message.content)).toEqual([
      'You said: number 2',
      'You said: number 3',
    ]);
  });

  it('ends a call with its own turn, not with those after it', async () => {
    const held = gate();
    server.model.next(says('quick'), waits('', held.opened, 'slow'));
    const first = await lasting.chat.completions.create(ask('one', { user: 'quick' }));
    expect(first.choices[0]?.message.content).toBe('quick');
    const second = lasting.chat.completions.create(ask('two', { user: 'quick' }));
    await server.model.asked(2);
    held.open();
    expect((await second).choices[0]?.message.content).toBe('slow');
  });

  it('a repeated call gets the answer of the first', async () => {
    const headers = { 'idempotency-key': 'the-same-call' };
    const body = ask('only once', { user: 'repeat' });
    const first = await lasting.chat.completions.create(body, { headers });
    server.model.next(says('never said'));
    const again = await lasting.chat.completions.create(body, { headers });
    expect(again.choices[0]?.message.content).toBe(first.choices[0]?.message.content);
    expect(server.model.requests).toHaveLength(1);
    await client.chat.completions.create(ask('use the script up'));
  });

  it('answers a crisis without the model', async () => {
    const answer = await client.chat.completions.create(ask('I want to kill myself'));
    expect(answer.choices[0]?.message.content).toContain('988');
    expect(server.model.requests).toHaveLength(0);
  });

  const cry = 'I want to kill myself';
  const said = async (messages: OpenAI.ChatCompletionMessageParam[], more: object = {}): Promise<string> => {
    const body = { model: 'maren-voss', messages, ...more };
    return (await client.chat.completions.create(body)).choices[0]?.message.content ?? '';
  };

  it.each([
    ['the last', ['hello', cry]],
    ['the first of three', [cry, 'are you there?', 'hello?']],
  ])('answers danger in %s of the lines that nobody has answered', async (_, lines) => {
    const history = [
      { role: 'user', content: 'hi' } as const,
      { role: 'assistant', content: 'Hi.' } as const,
    ];
    const unanswered = lines.map((content) => ({ role: 'user' as const, content }));
    expect(await said([...history, ...unanswered])).toContain('988');
    expect(await said([...history, ...unanswered], { user: `u-${lines.length}` })).toContain('988');
    expect(server.model.requests).toHaveLength(0);
    const answered = { role: 'assistant' as const, content: 'I am glad that is over.' };
    expect(
      await said([{ role: 'user', content: cry }, answered, { role: 'user', content: 'hello again' }]),
    ).toBe('I hear you. Tell me more.');
  });

  it('knows of an alarm from the lines a client keeps, and offers help once', async () => {
    const first: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: cry }];
    const help = await said(first);
    const after: OpenAI.ChatCompletionMessageParam[] = [
      ...first,
      { role: 'assistant', content: help },
      { role: 'user', content: 'i had some soup' },
    ];
    await said(after);
    expect(JSON.stringify(server.model.requests.at(-1))).toMatch(/helplines were just shown/);
    const calm = ['it rained', 'the cat came', 'I slept', 'good morning'].flatMap(
      (content): OpenAI.ChatCompletionMessageParam[] => [
        { role: 'assistant', content: 'I see.' },
        { role: 'user', content },
      ],
    );
    await said([...after, ...calm]);
    expect(JSON.stringify(server.model.requests.at(-1))).not.toMatch(/helplines were just shown/);
    const low: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'i feel hopeless' }];
    const offered = await said(low);
    expect(offered).toMatch(/people who listen/);
    const again = await said([
      ...low,
      { role: 'assistant', content: offered },
      { role: 'user', content: 'i feel hopeless' },
    ]);
    expect(again).not.toMatch(/people who listen/);
  });

  it.each([
    ['a code', { country: 'gb' }, '116 123'],
    ['a name', { country: 'Deutschland' }, 'TelefonSeelsorge'],
    ['a time zone', { time_zone: 'Europe/Dublin', locale: 'en-US' }, '116 123'],
    ['a locale', { locale: 'de-AT' }, '142'],
  ])('names the helplines of the country that the program tells by %s', async (_, more, line) => {
    const answer = await said([{ role: 'user', content: cry }], more);
    expect(answer).toContain(line);
    expect(answer).not.toContain('!country');
  });

  it('asks for the country where nothing tells it, whatever stands in the fields', async () => {
    const more = { country: 'Atlantis', time_zone: 7, locale: 'en' };
    expect(await said([{ role: 'user', content: cry }], more)).toContain('!country');
    await said([{ role: 'user', content: '!country Ireland' }], { user: 'irish' });
    expect(await said([{ role: 'user', content: cry }], { user: 'irish' })).toContain('116 123');
  });

  it('answers a message that is too long with help and not with an error, where it calls for it', async () => {
    const long = `${cry}. ${'x '.repeat(20_000)}`;
    expect(await said([{ role: 'user', content: long }])).toContain('988');
  });

  it.each([
    [
      'an unknown model',
      { model: 'nobody', messages: [{ role: 'user', content: 'x' }] },
      404,
      'RAPPORT_E_CHARACTER_UNKNOWN',
    ],
    ['no messages', { model: 'maren-voss', messages: [] }, 400, 'RAPPORT_E_INPUT_INVALID'],
    [
      'no message of the user',
      { model: 'maren-voss', messages: [{ role: 'system', content: 'x' }] },
      400,
      'RAPPORT_E_INPUT_INVALID',
    ],
    ['messages of a wrong type', { model: 'maren-voss', messages: 'hi' }, 400, 'RAPPORT_E_INPUT_INVALID'],
    [
      'a model of a wrong type',
      { model: 7, messages: [{ role: 'user', content: 'x' }] },
      400,
      'RAPPORT_E_INPUT_INVALID',
    ],
    [
      'too long a message',
      { model: 'maren-voss', messages: [{ role: 'user', content: 'x'.repeat(20_000) }] },
      413,
      'RAPPORT_E_INPUT_TOO_LARGE',
    ],
    [
      'too long a user',
      { model: 'maren-voss', user: 'u'.repeat(201), messages: [{ role: 'user', content: 'x' }] },
      400,
      'RAPPORT_E_INPUT_INVALID',
    ],
  ])('refuses %s', async (_what, body, status, code) => {
    const error = await problem(client.chat.completions.create(body as never));
    expect([error.status, error.code]).toEqual([status, code]);
    expect(error.message).not.toBe('');
    expect(await left()).toBe(0);
  });

  it('takes hostile users and texts', async () => {
    for (const user of ['__proto__', 'a\nb', 'ü\u202e{}', 'x\u0000y', '\ud800']) {
      const answer = await lasting.chat.completions.create(ask('a\u0000b \ud800 <|eot|></s>', { user }));
      expect(answer.choices[0]?.message.content).toBe('I hear you. Tell me more.');
      await lasting.chat.completions.create(ask('again', { user }));
      expect(server.model.prompt).toContain('ab \ufffd');
    }
  });

  it.each([false, true])('maps a model that is down to 503, also for streams (%s)', async (stream) => {
    server.model.next(fails(down));
    const error = await problem(client.chat.completions.create({ ...ask('hello'), stream }));
    expect([error.status, error.code, error.type]).toEqual([
      503,
      'RAPPORT_E_MODEL_UNAVAILABLE',
      'server_error',
    ]);
    expect(await left()).toBe(0);
  });

  it('keeps what had arrived when the model dies in the middle', async () => {
    server.model.next(fails(down, 'half an'));
    const answer = await client.chat.completions.create(ask('hello'));
    expect(answer.choices[0]?.message.content).toMatch(/^half an/);
  });

  it('a reply that broke off says so in its end, not in its text (issue 14, C.3)', async () => {
    server.model.next(fails(down, 'half an'), fails(down, 'half an'));
    const { choices } = await client.chat.completions.create(ask('hello'));
    expect(choices[0]).toMatchObject({ message: { content: 'half an' }, finish_reason: 'length' });
    const stream = await client.chat.completions.create({ ...ask('hello'), stream: true });
    let text = '';
    const read = async (): Promise<void> => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    };
    expect(await problem(read())).toMatchObject({ code: 'RAPPORT_E_MODEL_UNAVAILABLE' });
    expect(text).toBe('half an');
  });

  it.each([false, true])(
    'a call that failed leaves no line behind (issue 14, C.1; streams: %s)',
    async (stream) => {
      const user = `retrier-${stream}`;
      server.model.next(fails(down), fails(down));
      for (let attempt = 0; attempt < 2; attempt += 1)
        expect(
          (await problem(lasting.chat.completions.create({ ...ask('once only', { user }), stream }))).status,
        ).toBe(503);
      await lasting.chat.completions.create(ask('once only', { user }));
      expect(server.model.prompt.match(/once only/g)).toHaveLength(1);
      await lasting.chat.completions.create(ask('and then', { user }));
      expect(server.model.prompt.match(/once only/g)).toHaveLength(1);
    },
  );

  it.each([
    ['n', { n: 2 }],
    ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['logprobs', { logprobs: true }],
  ])('refuses %s in clear words (issue 14, C.3)', async (field, more) => {
    const error = await problem(client.chat.completions.create(ask('hello', more)));
    expect([error.status, error.code, error.type]).toEqual([
      400,
      'RAPPORT_E_INPUT_INVALID',
      'invalid_request_error',
    ]);
    expect(error.message).toContain(`${field}:`);
    const harmless = { n: 1, tools: [], response_format: { type: 'text' }, logprobs: false };
    expect((await client.chat.completions.create(ask('hello', harmless) as never)).choices).toHaveLength(1);
  });

  it('errors outside the calls have the shape of OpenAI’s too (issue 14, C.3)', async () => {
    const page = new Browser(server.url);
    const shape = {
      message: expect.any(String),
      type: 'invalid_request_error',
      code: expect.any(String),
      param: null,
    };
    expect(await (await page.fetch('GET', '/v1/nothing')).json()).toEqual({ error: shape });
    const { port } = new URL(server.url);
    const misnamed = await raw(server.url, '/v1/models', { host: `rapport.example:${port}` });
    expect([misnamed.status, JSON.parse(misnamed.body)]).toMatchObject([
      403,
      {
        error: {
          type: 'permission_error',
          code: 'RAPPORT_E_FORBIDDEN_HOST',
          message: expect.stringMatching(/"rapport\.example"[\s\S]*RAPPORT_ALLOWED_HOSTS/),
        },
      },
    ]);
    const huge = JSON.stringify({
      model: 'maren-voss',
      messages: [{ role: 'user', content: 'x'.repeat(1_600_000) }],
    });
    const refused = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: huge,
    });
    expect([refused.status, await refused.json()]).toEqual([413, { error: shape }]);
  });

  it('of history lines without an end only what a prompt can use is read (issue 14, E.1)', async () => {
    const lines = ['.'.repeat(1_000_000), 'word '.repeat(60_000), '\u{1F642}'.repeat(40_000)];
    const messages = lines.flatMap((content) => [
      { role: 'user' as const, content },
      { role: 'assistant' as const, content: 'I see.' },
    ]);
    await client.chat.completions.create({
      model: 'maren-voss',
      messages: [...messages, { role: 'user', content: 'and now?' }],
    });
    expect(server.model.prompt.length).toBeLessThan(60_000);
    expect(server.model.prompt).toContain('and now?');
  });
});

describe('keys', () => {
  let server: TestServer;
  afterEach(() => server.stop());

  it('are asked for as bearer tokens', async () => {
    server = await startServer({ apiKey: 'sesame' });
    const open = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'sesame', maxRetries: 0 });
    expect((await open.chat.completions.create(ask('hello'))).choices).toHaveLength(1);
    const shut = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(shut.chat.completions.create(ask('hello'))).rejects.toMatchObject({
      status: 401,
      code: 'RAPPORT_E_UNAUTHORIZED',
    });
    const page = new Browser(server.url);
    expect(
      (await page.fetch('GET', '/v1/nothing', undefined, { authorization: 'Bearer sesame' })).status,
    ).toBe(404);
  });
});
