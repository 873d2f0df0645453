import { describe, expect, it } from 'vitest';
import { chat, collect, failure, remote, server, stream } from './fixture.js';

const refusal = (status: number, error: object) =>
  ({ fault: { kind: 'status', status, body: { error } } }) as const;

describe('what servers say and want (issue 14, D.4 and D.6)', () => {
  it('row 30: a template without a system role is met once, and remembered', async () => {
    const double = await server();
    const model = remote([double.url]);
    const messages = [
      { role: 'system' as const, content: 'You play Rin.' },
      { role: 'user' as const, content: 'hello' },
    ];
    double.enqueue(refusal(400, { message: 'System role not supported' }));
    await collect(stream(model, chat({ messages })));
    await collect(stream(model, chat({ messages })));
    const sent = double.completions.map(({ body }) => body?.messages);
    const merged = [{ role: 'user', content: 'You play Rin.\n\nhello' }];
    expect(sent).toEqual([messages, merged, merged]);
  });

  it('row 29: a repetition penalty is sent by the name llama.cpp knows as well', async () => {
    const double = await server();
    await collect(stream(remote([double.url]), chat({ repetition_penalty: 1.15 })));
    expect(double.completions[0]?.body).toMatchObject({ repetition_penalty: 1.15, repeat_penalty: 1.15 });
  });

  it.each([
    { message: 'The response was filtered', code: 'content_filter' },
    { message: "The response was filtered due to Azure OpenAI's content management policy.", code: null },
  ])('a filter of the provider is no fault of the settings: %j', async (error) => {
    const double = await server();
    double.enqueue(refusal(400, error));
    await failure(stream(remote([double.url]), chat()), 'RAPPORT_E_MODEL_FILTERED');
  });

  it('row 27: with one slot people are served in order, and who waits too long is told that it is busy', async () => {
    const double = await server();
    const model = remote([double.url], {
      maxConcurrent: 1,
      timeouts: { firstTokenMs: 5_000, betweenTokensMs: 5_000, queueMs: 50 },
    });
    double.behaviour = { ttftMs: 400 };
    const first = collect(stream(model, chat()));
    await failure(stream(model, chat()), 'RAPPORT_E_MODEL_BUSY');
    await first;
    expect(model.pool.health()[0]).toMatchObject({ state: 'ready', failed: 0 });
  });
});
