import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Character, characterSchema } from '../../../../characters/schema.js';
import { packageRoot } from '../../../../config/root.js';
import { BertTokens } from '../../../../inference/onnx/characterchat/bert-tokens.js';
import { CharacterChatFit } from '../../../../inference/onnx/characterchat/characterchat-fit.js';
import {
  CharacterChatSelector,
  historyText,
} from '../../../../inference/onnx/characterchat/characterchat-selector.js';
import { silentLogger } from '../../../../src/telemetry/logger.js';
import { copyOf, replaceFile, temporaryFolder } from '../model-copies.js';

/** Tiny random checkpoints, converted by `python -m convert.tiny`, with what PyTorch says of them. */
const fixtures = join(packageRoot, 'test/inference/onnx/characterchat/fixtures');
const selectorFolder = join(fixtures, 'memory-selector');
const fitFolder = join(fixtures, 'persona-score');
const window = 48;

const read = <T>(folder: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
const ids = z.array(z.int());
const pairs = read(
  selectorFolder,
  z.object({
    pairs: z.array(z.object({ history: z.string(), info: z.string(), ids, score: z.number() })),
  }),
).pairs;
const ratings = read(
  fitFolder,
  z.object({
    pairs: z.array(z.object({ seeker: z.string(), supporter: z.string(), ids, rating: z.number() })),
  }),
).pairs;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const selectorOf = async (folder: string): Promise<CharacterChatSelector> => {
  const selector = await CharacterChatSelector.load(folder);
  open.push(selector);
  return selector;
};
const fitOf = async (folder: string, dataDir = temporaryFolder()): Promise<CharacterChatFit> => {
  const fit = await CharacterChatFit.load(folder, { dataDir, logger: silentLogger });
  open.push(fit);
  return fit;
};

describe('the tokens of a BERT', () => {
  it('are those of the original tokenizer, pairs cut as the paper’s code cuts them', () => {
    const tokens = new BertTokens(selectorFolder, window);
    for (const pair of pairs) expect(tokens.pair(pair.history, pair.info).ids).toEqual(pair.ids);
    expect(pairs.some((pair) => pair.ids.length === window)).toBe(true);
    const { ids: found, types } = tokens.pair('hello dog', 'cat');
    expect(types).toHaveLength(found.length);
    expect(types.join('')).toMatch(/^0+1+$/);
    expect(types.filter((type) => type === 0)).toHaveLength(4);
  });

  it('fill the whole window for a single text, which loses its end where it is too long', () => {
    const tokens = new BertTokens(fitFolder, window);
    for (const { supporter, ids: expected } of ratings) expect(tokens.padded(supporter)).toEqual(expected);
    expect(ratings.some(({ ids: expected }) => expected.at(-1) === 0)).toBe(true);
    expect(ratings.some(({ ids: expected }) => expected.at(-1) !== 0)).toBe(true);
  });

  it('keep within the window even where a memory alone is longer', () => {
    const tokens = new BertTokens(selectorFolder, window);
    expect(tokens.pair('hello '.repeat(90), 'dog '.repeat(90)).ids).toHaveLength(window);
    expect(tokens.pair('', '').ids).toHaveLength(3);
  });
});

describe('CharacterChatSelector', () => {
  it('gives the scores PyTorch gives, best first, and chooses above the threshold', async () => {
    const selector = await selectorOf(selectorFolder);
    const history = [
      { role: 'supporter', text: 'hello, are you tired?' },
      { role: 'seeker', text: 'I am not sleeping.\nMy dog was lost at the lake!' },
    ] as const;
    const expected = pairs.filter((pair) => pair.history === historyText(history));
    expect(expected).toHaveLength(4);
    const candidates = expected.map(({ info }) => ({ aspect: info.slice(0, 5), text: info }));
    const { considered, chosen } = await selector.select(history, candidates, 2);
    for (const { info, score } of expected)
      expect(considered.find(({ text }) => text === info)?.score).toBeCloseTo(score, 3);
    const scores = considered.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(chosen).toEqual(considered.filter(({ score }) => score > 0).slice(0, 2));
    expect((await selector.select(history, candidates, 0)).chosen).toEqual([]);
    expect(await selector.select(history, [], 3)).toEqual({ chosen: [], considered: [] });
  });

  it('writes the conversation as its training data does', () => {
    expect(
      historyText([
        { role: 'supporter', text: 'Hi. ' },
        { role: 'seeker', text: 'Two\n lines' },
      ]),
    ).toBe('supporter: Hi. seeker: Two lines ');
    expect(historyText([])).toBe('');
  });
});

describe('CharacterChatFit', () => {
  const characters: readonly Character[] = ratings.map(({ supporter }, index) =>
    characterSchema.parse({ id: `s-${index}`, name: 'S', supporterStatement: supporter }),
  );

  it('gives the ratings PyTorch gives', async () => {
    const fit = await fitOf(fitFolder);
    const sides = await fit.supporters(characters);
    for (const [index, { seeker, rating }] of ratings.entries()) {
      const side = await fit.seeker({ text: seeker, vector: new Float32Array(0) });
      expect(fit.rating(side, sides[index] ?? side)).toBeCloseTo(rating, 4);
    }
  });

  it('computes a supporter once and reads it from the disk afterwards; a damaged cache is rebuilt', async () => {
    const dataDir = temporaryFolder();
    const fit = await fitOf(fitFolder, dataDir);
    const first = await fit.supporters(characters);
    await fit.close();
    const file = join(dataDir, 'cache/characterchat-fit.bin');
    expect(existsSync(file)).toBe(true);
    const again = await fitOf(fitFolder, dataDir);
    expect(await again.supporters(characters)).toEqual(first);
    writeFileSync(file, 'nonsense');
    expect(await again.supporters(characters)).toEqual(first);
    expect(await again.supporters(characters.slice(0, 1))).toEqual(first.slice(0, 1));
  });
});

describe('files that are not what they should be', () => {
  const broken = (folder: string, change: (copy: string) => void): string => {
    const copy = copyOf(folder);
    change(copy);
    return copy;
  };
  const cases: readonly [string, () => Promise<unknown>, RegExp][] = [
    ['a folder that is missing', () => selectorOf(join(fixtures, 'nowhere')), /model\.json/],
    ['the other checkpoint', () => selectorOf(fitFolder), /convert\.info_selecter/],
    ['the other checkpoint as a fit', () => fitOf(selectorFolder), /convert\.persona_score/],
    [
      'a graph that is missing',
      () => selectorOf(broken(selectorFolder, (copy) => rmSync(join(copy, 'model.onnx')))),
      /model\.onnx/,
    ],
    [
      'a graph that was changed',
      () => fitOf(broken(fitFolder, (copy) => writeFileSync(join(copy, 'tower.onnx'), 'x'))),
      /tower\.onnx.*sha256/,
    ],
    [
      'a graph that is none',
      () => selectorOf(broken(selectorFolder, (copy) => replaceFile(copy, 'model.onnx', 'no graph'))),
      /model\.onnx/,
    ],
    [
      'a tokenizer that is none',
      () => fitOf(broken(fitFolder, (copy) => replaceFile(copy, 'tokenizer.json', '{}'))),
      /tokenizer\.json/,
    ],
    [
      'a tokenizer without the marks of BERT',
      () =>
        selectorOf(
          broken(selectorFolder, (copy) =>
            replaceFile(
              copy,
              'tokenizer.json',
              readFileSync(join(copy, 'tokenizer.json'), 'utf8').replaceAll('[CLS]', '[XLS]'),
            ),
          ),
        ),
      /\[CLS\]/,
    ],
  ];
  it.each(cases)('%s: a coded error that names the file', async (_what, load, named) => {
    const thrown = await load().catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'RAPPORT_E_MODEL_FILE' });
    expect(String(thrown)).toMatch(named);
  });
});
