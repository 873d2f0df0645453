import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadConfig } from '../../../app/settings.js';
import { createModelRouter } from '../../../inference/model-router.js';
import { fitPrompt } from '../../../src/prompting/budget.js';
import { promptFormat } from '../../../src/prompting/prompt-formats.js';
import { ilka, inputOf, seeker } from '../../prompting/fixture.js';
import { remote, server } from './fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'personagpt-'));
afterAll(() => rmSync(folder, { recursive: true }));
const words = ['[UNK]', 'ask', 'about', 'hobbies', '.', 'hi', 'i', 'fish'];
writeFileSync(
  join(folder, 'tokenizer.json'),
  JSON.stringify({
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
  }),
);

it('D.7: with a tokenizer the prompt goes to the server as token ids, in the layout of the route', async () => {
  const double = await server();
  const { model } = loadConfig({}, folder).config;
  const endpoint = { urls: [double.url], contextTokens: 1_024, maxConcurrent: 0 };
  const served = remote([double.url], { tokenizer: folder });
  const rule = {
    ...{ endpoint: 'default', characterModel: false, sampling: {}, controlTags: false },
    ...{ format: 'personagpt' as const, name: 'test-model' },
  };
  const { routeFor } = createModelRouter({
    config: {
      ...model,
      endpoints: { default: endpoint },
      routes: [
        { ...rule, match: { characters: ['a'] }, variant: 'act-form-a' },
        { ...rule, match: { characters: ['b'] } },
      ],
    },
    remote: () => served,
    embedded: () => {
      throw new Error('a server is there');
    },
  });
  const sent = async (id: string, goal: string | undefined): Promise<unknown> => {
    const route = routeFor({ id, tags: [] });
    const character = { ...ilka, facts: ['I fish'] };
    const input = inputOf({ character, turns: [seeker('hi')], ...(goal !== undefined && { goal }) });
    const { request } = await fitPrompt({ format: promptFormat('personagpt'), input, route });
    const signal = new AbortController().signal;
    for await (const _ of route.model.stream(request, { signal, affinity: id }));
    return double.completions.at(-1)?.body?.prompt;
  };
  expect(await sent('a', 'ask about hobbies.')).toEqual([50262, 1, 2, 3, 4, 50260, 50257, 50259, 5, 50256]);
  expect(await sent('b', 'ask about hobbies.')).toEqual([
    50262, 1, 2, 3, 4, 50257, 50260, 50257, 50259, 5, 50256,
  ]);
  expect(await sent('b', undefined)).toEqual([50258 + 3, 6, 7, 4, 50256, 50257, 50259, 5, 50256]);
});
