import { describe, expect, it } from 'vitest';
import { ModelSummariser } from '../../inference/model-summariser.js';
import { RuleSummariser } from '../../src/memory/rule-summariser.js';
import { summaryUnits } from '../../src/memory/summariser.js';
import type { ChatModel, ModelRoute } from '../../src/prompting/chat-model.js';
import { tokenEstimate } from '../../src/prompting/token-estimate.js';

const person = (...texts: readonly string[]) => texts.map((text) => ({ by: 'person' as const, text }));
const going = new AbortController().signal;

/** What leaves the window, in short (issue 15 §3). */
describe('a summary by rules', () => {
  const rules = new RuleSummariser();

  it('keeps the weightiest sentences of the person, in order, and takes the earlier ones in', async () => {
    const first = await rules.sum(null, [
      ...person(
        'Hm. I live in Bern with my brother Tom. I do not know.',
        'How are you today, my dear friend?',
      ),
      { by: 'character', text: 'I once lived in Lisbon with my sister Marta.' },
      ...person('My exam in anatomy is on 3 May.'),
    ]);
    expect(first).toBe('I live in Bern with my brother Tom.\nMy exam in anatomy is on 3 May.');
    const second = await rules.sum(first, person('My cat Pixel broke her leg on Sunday.'));
    expect(second.split('\n')).toEqual([...first.split('\n'), 'My cat Pixel broke her leg on Sunday.']);
  });

  it('is bounded, also over what a model wrote', async () => {
    const lines = person(
      ...Array.from({ length: 80 }, (_, n) => `The lighthouse keeper number ${n} waved at us.`),
    );
    const text = await rules.sum(`They spoke of Bern. ${'And of much else besides. '.repeat(60)}`, lines);
    expect(text.length).toBeLessThanOrEqual(summaryUnits);
    expect(text).toContain('They spoke of Bern.');
    expect(text).toContain('lighthouse');
  });
});

describe('a summary by the model', () => {
  const saying = (text: string): ModelSummariser => {
    const model: ChatModel = {
      tokens: tokenEstimate,
      stream: async function* (_, { signal }) {
        signal.throwIfAborted();
        yield { type: 'text', text };
        yield { type: 'done', finishReason: 'stop' };
      },
    };
    return new ModelSummariser({ model, modelName: 'm' } as unknown as ModelRoute);
  };

  it('is one bounded paragraph, cut at a sentence', async () => {
    expect(await saying('Summary:\n They live in Bern.\n\nThey fear an exam.').sum(null, [], going)).toBe(
      'They live in Bern. They fear an exam.',
    );
    const long = await saying('They live in Bern. '.repeat(100)).sum(null, [], going);
    expect(long.length).toBeLessThanOrEqual(summaryUnits);
    expect(long.endsWith('Bern.')).toBe(true);
  });

  it('counts for nothing where there is none, too much, or too late', async () => {
    for (const text of ['', '{"summary": 1}', 'x'.repeat(5_000)])
      await expect(saying(text).sum(null, [], going)).rejects.toThrow();
    const over = AbortSignal.abort(new Error('late'));
    await expect(saying('They live in Bern.').sum(null, [], over)).rejects.toThrow('late');
  });
});
