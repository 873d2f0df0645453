import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.js';
import { deadUrl, remote, server } from './fixture.js';

describe('the tokenizer of the server', () => {
  it.each([
    ['vllm' as const, { model: 'test-model', prompt: 'one two three', add_special_tokens: false }],
    ['llama.cpp' as const, { content: 'one two three' }],
  ])('%s: counts exactly, finds the dialect out once and remembers texts', async (dialect, body) => {
    const double = await server({ dialect });
    const { tokens } = remote([double.url], { tokenizerModel: 'test-model' });
    expect(tokens.exact).toBe(false);
    expect(await tokens.count('one two three')).toBe(3);
    expect(tokens.exact).toBe(true);
    const asked = double.requests.length;
    expect(double.requests.at(-1)).toMatchObject({ path: '/tokenize', body });
    expect(await tokens.count('one two three')).toBe(3);
    expect(double.requests).toHaveLength(asked);
    expect(await tokens.count('four words are here')).toBe(4);
    expect(double.requests).toHaveLength(asked + 1);
    expect(await tokens.count('')).toBe(0);
    expect(double.requests).toHaveLength(asked + 1);
  });

  it('is asked once for a text that is counted several times at once', async () => {
    const double = await server();
    const { tokens } = remote([double.url]);
    expect(await Promise.all([tokens.count('a b'), tokens.count('a b'), tokens.count('a b')])).toEqual([
      2, 2, 2,
    ]);
    expect(double.requests).toHaveLength(1);
  });

  it('gives way to the estimate where the server has none, for good', async () => {
    const double = await server({ dialect: 'fastchat' });
    const { tokens } = remote([double.url]);
    expect(await tokens.count('one')).toBe(1_000);
    const asked = double.requests.length;
    expect(await tokens.count('two')).toBe(1_000);
    expect(double.requests).toHaveLength(asked);
    expect(tokens.exact).toBe(false);
  });

  it('gives way to the estimate while the server is away, and is asked again later', async () => {
    let ahead = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
    const dead = await deadUrl();
    const { tokens } = remote([dead], { clock });
    expect(await tokens.count('one two')).toBe(1_000);
    expect(tokens.exact).toBe(false);
    const back = await server({ port: Number(new URL(dead).port) });
    expect(await tokens.count('one two')).toBe(1_000);
    expect(back.requests).toHaveLength(0);
    ahead = 11_000;
    expect(await tokens.count('one two')).toBe(2);
    expect(tokens.exact).toBe(true);
  });

  it('does not exist without an address', async () => {
    expect(await remote([]).tokens.count('one two')).toBe(1_000);
  });
});

describe('a local tokenizer', () => {
  const folders: string[] = [];
  afterEach(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  async function tokenizer(content: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
    folders.push(folder);
    await writeFile(join(folder, 'tokenizer.json'), content);
    return folder;
  }
  const wordLevel = JSON.stringify({
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      vocab: { '[UNK]': 0, hello: 1, world: 2 },
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
  });

  it('is asked instead of the server', async () => {
    const double = await server();
    const folder = await tokenizer(wordLevel);
    for (const path of [folder, join(folder, 'tokenizer.json')]) {
      const { tokens } = remote([double.url], { tokenizer: path });
      expect(tokens.exact).toBe(true);
      expect(await tokens.count('hello world hello')).toBe(3);
    }
    expect(double.requests).toHaveLength(0);
  });

  it('that cannot be used is told at the start', async () => {
    const folder = await tokenizer('{"model": ');
    for (const path of [folder, join(folder, 'missing.json')]) {
      expect(() => remote(['http://127.0.0.1:1/v1'], { tokenizer: path })).toThrow(
        expect.objectContaining({ code: 'RAPPORT_E_MODEL_FILE' }),
      );
    }
  });
});
