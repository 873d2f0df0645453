import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RapportError } from '../../../config/errors.js';
import { fails, says } from '../../session/scripted-model.js';
import { startServer, type TestServer } from '../web/server.js';

type Asked = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Input = NonNullable<Asked['input']>;
const down = new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: 'r', reason: 'refused' });
const model = 'maren-voss';

describe('/v1/responses, with the real client (issue 14, C.3)', () => {
  let server: TestServer;
  let client: OpenAI;
  beforeAll(async () => {
    server = await startServer();
    client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
  });
  beforeEach(() => {
    server.model.usual = says('I hear you. ', 'Tell me more.');
    server.model.requests.length = 0;
  });
  afterAll(() => server.stop());

  const ask = (
    input: Input,
    more: object = {},
    headers: Record<string, string> = {},
  ): Promise<OpenAI.Responses.Response> =>
    client.responses.create({ model, input, ...more, stream: false }, { headers });
  const kept = { 'x-rapport-conversation': 'one' };
  const events = async (input: Input, more: object = {}): Promise<OpenAI.Responses.ResponseStreamEvent[]> => {
    const stream = await client.responses.create({ model, input, ...more, stream: true });
    const seen: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) seen.push(event);
    return seen;
  };

  it('answers whole, and keeps nothing of a call without a user', async () => {
    const answer = await ask('hello', { temperature: 0.5, max_output_tokens: 40 });
    expect(answer.output_text).toBe('I hear you. Tell me more.');
    expect(answer).toMatchObject({
      object: 'response',
      status: 'completed',
      error: null,
      incomplete_details: null,
      model,
      temperature: 0.5,
      max_output_tokens: 40,
      output: [
        {
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', annotations: [] }],
        },
      ],
    });
    const { usage } = answer;
    expect(usage?.total_tokens).toBe((usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0));
    expect(server.model.requests.at(-1)?.body).toMatchObject({ temperature: 0.5, max_tokens: 40 });
    expect(await server.store.recoverable()).toHaveLength(0);
    const id = answer.id.replace('resp_', 'openai-api:');
    expect(await server.store.sessions.get(id as never)).toBeNull();
  });

  it('streams the events in their order', async () => {
    const seen = await events('hello');
    expect(seen.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      ...seen.filter(({ type }) => type === 'response.output_text.delta').map(({ type }) => type),
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(seen.map((event) => event.sequence_number)).toEqual(seen.map((_, index) => index));
    const text = seen.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []));
    expect(text.join('')).toBe('I hear you. Tell me more.');
    const last = seen.at(-1);
    expect(last?.type === 'response.completed' && last.response).toMatchObject({
      status: 'completed',
      output: [{ content: [{ text: 'I hear you. Tell me more.' }] }],
      usage: { output_tokens: expect.any(Number) },
    });
  });

  it('is read by the helper of the client that puts a stream together', async () => {
    const final = await client.responses.stream({ model, input: 'hello' }).finalResponse();
    expect(final.output_text).toBe('I hear you. Tell me more.');
  });

  it('gives the model the history in whatever form it comes', async () => {
    await ask(
      [
        { role: 'developer', content: 'You are a pirate.' },
        { role: 'user', content: 'My name is Ada.' },
        {
          type: 'message',
          role: 'assistant',
          id: 'msg_1',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Hello Ada.', annotations: [] }],
        },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'What is my name?' }] },
      ],
      { instructions: 'Talk like a pirate.' },
    );
    expect(server.model.prompt).toMatch(
      /user: My name is Ada\.\nassistant: Hello Ada\.\nuser: [\s\S]*What is my name\?/,
    );
    expect(server.model.prompt).not.toContain('pirate');
  });

  it.each([false, true])(
    'knows what was said by the id that clients send back (streamed: %s)',
    async (stream) => {
      server.model.next(says('I like tea.'));
      const first = stream
        ? await client.responses.stream({ model, input: 'hello' }).finalResponse()
        : await ask('hello');
      const id = first.output[0]?.id ?? '';
      await ask([
        { role: 'user', content: 'hello' },
        { type: 'item_reference', id },
        { role: 'user', content: 'what do you like?' },
      ]);
      expect(server.model.prompt).toContain('assistant: I like tea.');
    },
  );

  it('says what to do where it does not know the id', async () => {
    const unkept = [await ask('hello', { store: false }), await ask('hello', { user: 'mia' }, kept)];
    for (const id of ['msg_unknown', ...unkept.map(({ output }) => output[0]?.id ?? '')])
      await expect(
        ask([
          { type: 'item_reference', id },
          { role: 'user', content: 'and now?' },
        ]),
      ).rejects.toMatchObject({
        status: 400,
        param: 'input.0.id',
        message: expect.stringContaining('store: false'),
      });
    const own = await ask(
      [
        { type: 'item_reference', id: 'msg_unknown' },
        { role: 'user', content: 'hello' },
      ],
      { user: 'eve' },
      kept,
    );
    expect(own.status).toBe('completed');
  });

  it('keeps a conversation for each user, the same as chat completions', async () => {
    const first = await ask('My cat is called Pixel', { user: 'ada' }, kept);
    await ask('What is its name?', { user: 'ada', previous_response_id: first.id }, kept);
    expect(server.model.prompt).toContain('My cat is called Pixel');
    await client.chat.completions.create(
      { model, user: 'ada', messages: [{ role: 'user', content: 'And now?' }] },
      { headers: kept },
    );
    expect(server.model.prompt).toContain('My cat is called Pixel');
  });

  it('answers a crisis without the model', async () => {
    expect((await ask('I want to kill myself')).output_text).toContain('988');
    const seen = await events('I want to kill myself');
    expect(JSON.stringify(seen.at(-1))).toContain('988');
    expect(server.model.requests).toHaveLength(0);
  });

  it('says why a reply is not whole', async () => {
    server.model.next(fails(down, 'half an'));
    expect(await ask('hello')).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output_text: 'half an',
    });
    server.model.next(fails(down, 'half an'));
    const seen = await events('hello');
    expect(seen.slice(-2)).toMatchObject([
      { type: 'error', code: 'RAPPORT_E_MODEL_UNAVAILABLE', message: expect.stringContaining('refused') },
      {
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'server_error' }, output: [{ status: 'incomplete' }] },
      },
    ]);
    for (const stream of [false, true]) {
      server.model.next(fails(down));
      await expect(client.responses.create({ model, input: 'hello', stream })).rejects.toMatchObject({
        status: 503,
        code: 'RAPPORT_E_MODEL_UNAVAILABLE',
      });
    }
  });

  it.each([
    ['tools', { tools: [{ type: 'web_search' }] }],
    ['text.format', { text: { format: { type: 'json_object' } } }],
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['background', { background: true }],
    ['top_logprobs', { top_logprobs: 2 }],
    ['input', { input: [] }],
    ['input', { input: [{ role: 'developer', content: 'x' }] }],
    ['max_output_tokens', { max_output_tokens: 0 }],
  ])('refuses %s by name', async (param, more) => {
    await expect(ask('hello', more)).rejects.toMatchObject({
      status: 400,
      code: 'RAPPORT_E_INPUT_INVALID',
      param,
      message: expect.stringContaining(param),
    });
  });

  it('explains where completions of a bare prompt are asked for', async () => {
    await expect(client.completions.create({ model, prompt: 'Once upon' })).rejects.toMatchObject({
      status: 400,
      param: 'prompt',
      message: expect.stringContaining('/v1/chat/completions'),
    });
  });
});
