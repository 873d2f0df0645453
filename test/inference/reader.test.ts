import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { CareReader } from '../../inference/reader/care-reader.js';
import { MeaningReader } from '../../inference/reader/meaning-reader.js';
import { Reader } from '../../inference/reader/reader.js';
import { cosine } from '../../src/memory/meaning.js';

const place = (name: string): string => join(packageRoot, 'models', name);
const trunk = new Reader({
  reader: place('reader'),
  heads: { care: place('care'), meaning: place('meaning') },
});
const reader = new CareReader(trunk);
const meaning = new MeaningReader(trunk);
afterAll(() => trunk.close());

const risk = async (message: string, before: readonly string[] = []): Promise<number> => {
  const { grades } = await reader.read(
    message,
    before.map((text) => ({ by: 'person' as const, text })),
  );
  return 1 - (grades[0] ?? 1);
};

describe('the care reader', () => {
  it('gives probabilities of five grades and seven kinds', async () => {
    const { grades, kinds } = await reader.read('hello', []);
    expect(grades).toHaveLength(5);
    expect(kinds).toHaveLength(7);
    for (const sum of [grades, kinds].map((all) => all.reduce((a, b) => a + b, 0)))
      expect(sum).toBeCloseTo(1, 3);
  });

  it.each([
    // "I started cutting again" alone is for the rules: plain-words-in-talk.test.ts holds it.
    ['I started cutting my arms again last night', 'I started cutting the hedge again last night'],
    [
      'he put his hands around my throat last night',
      'he put his hands over his eyes last night at the scary part of the film',
    ],
    ['Ich will nicht mehr leben.', 'Ich will nicht mehr in Leipzig leben, Köln ist schöner.'],
    ['もう死にたい', 'もう眠くて死にそう、カレー食べて寝る'],
    ['no quiero seguir viviendo', 'no quiero seguir viviendo con mis padres, busco piso'],
  ])('tells "%s" from "%s"', async (danger, harmless) => {
    expect(await risk(danger)).toBeGreaterThan(0.5);
    expect(await risk(harmless)).toBeLessThan(0.5);
  });

  it('reads the turns before', async () => {
    expect(await risk('all of them', ['I counted my sleeping pills', 'then I took them'])).toBeGreaterThan(
      await risk('all of them', ['Which of these songs do you like?']),
    );
  });

  it('reads the end of a message that is longer than its window', async () => {
    const long = `${'We walked along the river and talked about the football. '.repeat(60)}I have the pills ready and tonight I will take them all.`;
    expect(await risk(long)).toBeGreaterThan(0.5);
  });

  it('says which file is missing', () => {
    const heads = { care: place('nothing') };
    expect(() => new Reader({ reader: place('reader'), heads })).toThrow(
      expect.objectContaining({ code: 'RAPPORT_E_MODEL_FILE' }),
    );
  });
});

describe('the meaning reader', () => {
  it.each([
    ['Where do I live?', 'I moved to Leeds in March.', 'I am allergic to peanuts.'],
    ['Wo wohne ich?', 'Ich bin im März nach Kassel gezogen.', 'Ich vertrage keine Erdnüsse.'],
    ['私の仕事は何ですか？', '病院で看護師をしています。', '犬が怖いです。'],
    ['Как зовут мою сестру?', 'Мою сестру зовут Аня.', 'Я живу в Самаре.'],
    ['What is my job?', 'Trabajo de enfermera en un hospital.', 'Me dan miedo los perros.'],
  ])('finds for "%s" the passage that answers it', async (question, right, wrong) => {
    const [[asked], [a, b]] = await Promise.all([
      meaning.vectors([question], 'query'),
      meaning.vectors([right, wrong], 'passage'),
    ]);
    if (!asked || !a || !b) throw new Error('a vector is missing');
    expect(cosine(asked, asked)).toBeCloseTo(1, 4);
    expect(cosine(asked, a)).toBeGreaterThan(cosine(asked, b));
  });

  it('gives the same vectors whatever they are batched with, in order, and each text once', async () => {
    const texts = ['ok', ...Array.from({ length: 20 }, (_, n) => `I have ${n} cats and a long story`), 'ok'];
    const all = await new MeaningReader(trunk).vectors(texts, 'passage');
    const [alone] = await new MeaningReader(trunk).vectors(['ok'], 'passage');
    if (!alone || !all[0]) throw new Error('a vector is missing');
    expect(all).toHaveLength(texts.length);
    expect(cosine(all[0], alone)).toBeGreaterThan(0.999);
    expect(all.at(-1)).toBe(all[0]);
  });

  it('cuts what is beyond its window', async () => {
    const [vector] = await meaning.vectors(['a story '.repeat(2_000)], 'passage');
    expect(vector).toHaveLength(384);
  });

  it('tells the sides of a comparison apart and refuses others', async () => {
    const [[a], [b]] = await Promise.all([
      meaning.vectors(['my dog'], 'query'),
      meaning.vectors(['my dog'], 'passage'),
    ]);
    expect(a).not.toEqual(b);
    await expect(trunk.vectors('meaning', 'reply', ['x'])).rejects.toMatchObject({
      code: 'RAPPORT_E_MODEL_UNAVAILABLE',
    });
    await expect(trunk.vectors('nothing', 'query', ['x'])).rejects.toMatchObject({
      code: 'RAPPORT_E_MODEL_UNAVAILABLE',
    });
  });
});
