import { describe, expect, it } from 'vitest';
import { SecondReader } from '../../inference/second-reader.js';
import type { ChatModel, ModelRequest, ModelRoute } from '../../src/prompting/chat-model.js';
import { tokenEstimate } from '../../src/prompting/token-estimate.js';

/** A model that says this. */
function saying(text: string | (() => AsyncGenerator<string>)) {
  const requests: ModelRequest[] = [];
  const model: ChatModel = {
    tokens: tokenEstimate,
    stream: async function* (request, { signal }) {
      requests.push(request);
      const pieces = typeof text === 'string' ? [text] : text();
      for await (const piece of pieces) {
        signal.throwIfAborted();
        yield { type: 'text', text: piece };
      }
      yield { type: 'done', finishReason: 'stop' };
    },
  };
  const route = {
    id: 'default',
    model,
    modelName: 'judge',
    format: 'chat',
    demo: false,
  } as unknown as ModelRoute;
  return { requests, reader: new SecondReader(route) };
}

describe('the second reader (issue 13 §1 d)', () => {
  it('answers in its form, and is asked once for the same message', async () => {
    const { reader, requests } = saying(' {"grade": "plan", "kind": "suicide"}\n');
    const context = [{ by: 'person' as const, text: 'I gave my dog away' }];
    const judged = await reader.judge('it is time "now"', { context });
    expect(judged).toEqual({ grade: 'plan', kind: 'suicide', probability: 0.9, by: 'second-reader' });
    expect(await reader.judge('it is time "now"', { context })).toBe(judged);
    expect(requests).toHaveLength(1);
    const body = requests[0]?.endpoint === 'chat/completions' ? requests[0].body : null;
    expect(body).toMatchObject({ model: 'judge', temperature: 0 });
    expect(JSON.parse(body?.messages[1]?.content ?? '')).toEqual({
      before: context,
      message: 'it is time "now"',
    });
  });

  it.each([
    'I think they are fine.',
    'Sure! {"grade": "none", "kind": null}',
    '{"grade": "none"}',
    '{"grade": "none", "kind": "suicide"}',
    '{"grade": "plan", "kind": null}',
    '{"grade": "terrible", "kind": "suicide"}',
    '{"grade": "plan", "kind": "suicide", "why": "x"}',
    '',
    'heliotrope '.repeat(100),
  ])('any other form counts for nothing, and stands in no error: %s', async (text) => {
    const error = await saying(text)
      .reader.judge('heliotrope')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain('heliotrope');
  });

  it('ends with its time, and is asked anew after a failure', async () => {
    const endless = saying(async function* () {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        yield '';
      }
    });
    await expect(endless.reader.judge('hm', { timeLimit: 20 })).rejects.toThrow();
    await expect(endless.reader.judge('hm', { timeLimit: 20 })).rejects.toThrow();
    expect(endless.requests).toHaveLength(2);
  });

  it('a long message is read at both ends', async () => {
    const { reader, requests } = saying('{"grade": "none", "kind": null}');
    await reader.judge(`begin ${'x'.repeat(50_000)} end`);
    expect(JSON.stringify(requests).length).toBeLessThan(6_000);
    expect(JSON.stringify(requests)).toMatch(/begin .* end/);
  });
});
