import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../app/settings.js';
import { createModelRouter } from '../../../inference/model-router.js';
import { fitPrompt } from '../../../src/prompting/budget.js';
import { promptFormat } from '../../../src/prompting/prompt-formats.js';
import { tokenEstimate } from '../../../src/prompting/token-estimate.js';
import { bank, say, temporaryStore, World } from '../../session/world.js';
import { chat, collect, failure, remote, server, stream } from './fixture.js';

/** A conversation with a model behind real servers of some window that is configured as 4,096 tokens. */
async function talkTo(model: ReturnType<typeof remote>): Promise<{ world: World; end(): Promise<void> }> {
  const { store, dispose } = await temporaryStore();
  const route = { model, modelName: 'test-model', contextTokens: 4_096 };
  const world = new World(store, { route });
  await world.open('maren-voss');
  return { world, end: dispose };
}

describe('a window smaller than configured (issue 14, D.1)', () => {
  it.each(['vllm', 'llama.cpp', 'fastchat', 'openai'] as const)(
    '%s: the conversation goes on, and what was named is known from then on',
    async (dialect) => {
      const double = await server({ dialect, contextTokens: 900 });
      const { world, end } = await talkTo(remote([double.url], { fallback: tokenEstimate }));
      for (let turn = 0; turn < 4; turn += 1)
        expect(await world.tell(`turn ${turn} ${'some more words '.repeat(120)}`)).not.toBe(
          say('delivery.tooLong'),
        );
      const refused = double.completions.length - 4;
      expect(refused).toBeLessThanOrEqual(1);
      await end();
    },
  );

  it('is felt for where the server keeps it to itself, and remembered', async () => {
    const double = await server({ contextTokens: 700 });
    const words = 'the prompt is too long';
    const status = (): { kind: 'status'; status: number; body: object } => ({
      kind: 'status',
      status: 400,
      body: { error: { message: words, type: 'invalid_request_error', code: null } },
    });
    double.behaviour = ({ body }) =>
      JSON.stringify(body).length > 5_000 || Number(body?.max_tokens) > 299 ? { fault: status() } : {};
    const { world, end } = await talkTo(remote([double.url], { fallback: tokenEstimate }));
    const long = 'some more words '.repeat(400);
    expect(await world.tell(long)).not.toBe(say('delivery.tooLong'));
    const tries = double.completions.length;
    expect(tries).toBeGreaterThan(1);
    expect(await world.tell(long)).not.toBe(say('delivery.tooLong'));
    expect(double.completions.length).toBe(tries + 1);
    await end();
  });

  it.each([
    [
      'LM Studio',
      'Trying to keep the first 9000 tokens when the model is loaded with context length of only 4096',
    ],
    [
      'llama.cpp in LM Studio',
      'The number of tokens to keep from the initial prompt is greater: n_keep: 9000 >= n_ctx: 4096',
    ],
    ['Ollama', 'input is longer than the context length currently available (4096)'],
    ['TensorRT-LLM', 'Prompt length exceeds maximum input length (4096)'],
  ])('%s: its words are understood', async (_name, message) => {
    const double = await server();
    const model = remote([double.url]);
    double.enqueue({ fault: { kind: 'status', status: 400, body: { error: { message } } } });
    const { error } = await failure(stream(model), 'RAPPORT_E_CONTEXT_OVERFLOW');
    expect(error.details.window).toBe(4_096);
    expect(model.facts.window('test-model')).toBe(4_096);
  });

  it.each([
    ['vllm', 'test-model'],
    ['llama.cpp', 'any-name'],
  ] as const)('%s names it when it is asked what it serves', async (dialect, name) => {
    const double = await server({ dialect, contextTokens: 1_234 });
    const model = remote([double.url]);
    const [report] = await model.pool.probe();
    expect(report?.windowOf(name)).toBe(1_234);
    expect(model.facts.window(name)).toBe(1_234);
  });
});

describe('thoughts (issue 14, D.2)', () => {
  const answer = 'I am here.';
  it.each([
    ['<think>She is sad.</think>'],
    ['She is sad.</think>'],
    ['Okay, the user is sad. I should be kind.\n</think>\n\n'],
    ['<Thinking>She is sad.</Thinking>'],
    ['[THINK]She is sad.[/THINK]'],
    ['◁think▷She is sad.◁/think▷'],
    ['<seed:think>She is sad.</seed:think>'],
    ['<|channel|>analysis<|message|>User is sad.<|end|><|start|>assistant<|channel|>final<|message|>'],
    ['<|channel|>final<|message|>'],
    ['<|START_THINKING|>She is sad.<|END_THINKING|><|START_RESPONSE|>'],
  ])('%s: none of it shows, in one piece or many', async (thought) => {
    const double = await server({ behaviour: { reply: [thought + answer] } });
    const model = remote([double.url]);
    expect((await collect(stream(model))).text.trim()).toBe(answer);
    // What one reply has shown holds for the next.
    double.behaviour = { reply: [...(thought + answer)] };
    expect((await collect(stream(model))).text.trim()).toBe(answer);
  });

  it('a name that says so is enough for the first reply, sign by sign', async () => {
    const double = await server({
      models: ['qwq-32b'],
      behaviour: { reply: [...'She is sad.</think>I am here.'] },
    });
    const { text } = await collect(stream(remote([double.url]), chat({ model: 'qwq-32b' })));
    expect(text).toBe(answer);
  });

  it('content in parts is read, its thoughts are not', async () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'She is sad.' }] },
      { type: 'text', text: answer },
    ];
    const event = { choices: [{ index: 0, delta: { content }, finish_reason: 'stop' }] };
    const double = await server({
      behaviour: { role: 'none', fault: { kind: 'event', afterTokens: 0, event } },
    });
    expect((await collect(stream(remote([double.url])))).text).toBe(answer);
  });

  it('an answer is not held for what it quotes, and keeps its angles', async () => {
    const double = await server({ behaviour: { reply: ['I', ' <3', ' you', ' [a', ' lot]', '.'] } });
    const { text, pieces } = await collect(stream(remote([double.url])));
    expect(text).toBe('I <3 you [a lot].');
    expect(pieces.length).toBeGreaterThan(3);
  });

  it('a budget spent on thinking: the next try has room, and with none left the error names cause and cure', async () => {
    const reasoning = Array.from({ length: 900 }, (_, index) => `thought${index}`).join(' ');
    const double = await server({ behaviour: { reasoning, reply: answer } });
    const { world, end } = await talkTo(remote([double.url], { fallback: tokenEstimate }));
    expect(await world.tell('hello')).toBe(answer);
    expect(double.completions.map(({ body }) => body?.max_tokens)).toEqual([300, 2_048]);
    expect(await world.tell('and again')).toBe(answer);
    expect(double.completions).toHaveLength(3);

    double.behaviour = { reasoning: reasoning.repeat(4), reply: answer };
    expect(await world.tell('and now?')).toBe(say('delivery.empty'));
    const finished = world.seen.findLast((event) => event.type === 'turn' && event.state === 'finished');
    expect(finished).toMatchObject({ error: { code: 'RAPPORT_E_MODEL_ONLY_THOUGHT' } });
    await end();
  });
});

describe('a reply without an end (issue 14, D.3)', () => {
  it('is cut off at a bound of size, and kept as interrupted', async () => {
    const double = await server({ behaviour: { reply: ['I am', ' here'], endless: true } });
    const model = remote([double.url]);
    const { error, text } = await failure(
      stream(model, chat({ max_tokens: 300 })),
      'RAPPORT_E_MODEL_INTERRUPTED',
    );
    expect(text.length).toBe(300 * 16 + 2_048);
    expect(error.details.reason).toContain('did not end the reply');
    await double.requests[0]?.over;
    expect(double.requests[0]?.aborted).toBe(true);
    expect(model.pool.health()[0]).toMatchObject({ state: 'ready', active: 0 });
  });

  it('is cut off at a bound of time', async () => {
    const timeouts = { firstTokenMs: 5_000, betweenTokensMs: 5_000, replyMs: 60 };
    const double = await server({ behaviour: { reply: 'word '.repeat(3_000), tokenMs: 5 } });
    const { text } = await failure(stream(remote([double.url], { timeouts })), 'RAPPORT_E_MODEL_INTERRUPTED');
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThan(3_000);
  });

  it('that is only thought ends like one that is too long', async () => {
    const double = await server({
      behaviour: { reasoning: `${'hm'.repeat(100)} `.repeat(500), reply: 'x', ignoreMaxTokens: true },
    });
    const { text, done } = await collect(stream(remote([double.url]), chat({ max_tokens: 300 })));
    expect([text, done.finishReason, done.thought]).toEqual(['', 'length', true]);
  });

  it('of many MB in one event, or in one answer, costs no memory', async () => {
    const huge = 'x'.repeat(8_000_000);
    const before = process.memoryUsage().rss;
    for (const behaviour of [{ reply: [huge] }, { reply: [huge], ignoreStream: true }]) {
      const double = await server({ behaviour });
      const model = remote([double.url], { timeouts: { firstTokenMs: 60_000, betweenTokensMs: 60_000 } });
      await failure(stream(model), 'RAPPORT_E_MODEL_UNAVAILABLE');
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });
});

describe('decoding (issue 14, D.5)', () => {
  it.each(['chat', 'characterchat', 'character-llm', 'personagpt'] as const)(
    'MODEL_FORMAT=%s keeps the defaults of its family',
    async (format) => {
      const { config } = loadConfig({ MODEL_FORMAT: format, MODEL_BASE_URL: 'http://a/v1' }, '/nowhere');
      const model = { tokens: tokenEstimate, stream: () => (async function* () {})() };
      const { routeFor } = createModelRouter({
        config: config.model,
        remote: () => model,
        embedded: () => expect.fail('a server is there'),
      });
      const route = routeFor({ id: 'socrates', tags: [] });
      const socrates = bank.get('socrates') ?? expect.fail('socrates is in the bank');
      const input = {
        character: socrates,
        seeker: { name: undefined, facts: [] },
        turns: [{ speaker: 'seeker' as const, text: 'Hello' }],
        memories: [],
        shared: false,
      };
      const own = promptFormat(format);
      const { request } = await fitPrompt({ format: own, input, route });
      expect(request.body).toMatchObject(own.sampling);
    },
  );

  it('a server’s words never carry those of a person', async () => {
    const secret = 'my brother hit me again last night';
    const double = await server();
    const message = `Invalid value at messages[0]: "${secret}" is not a valid string`;
    for (const body of [
      { error: { message } },
      { detail: [{ loc: ['body'], msg: message, input: secret }] },
    ]) {
      double.enqueue({ fault: { kind: 'status', status: 400, body } });
      const request = chat({ messages: [{ role: 'user', content: `Hello. ${secret}, and I am afraid.` }] });
      const { error } = await failure(stream(remote([double.url]), request), 'RAPPORT_E_MODEL_REFUSED');
      expect(error.message).not.toContain('brother');
      expect(error.message).toContain('Invalid value at messages[0]');
    }
  });
});
