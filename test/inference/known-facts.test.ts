import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { readFactWeights } from '../../inference/reader/fact-weights.js';
import { MeaningReader } from '../../inference/reader/meaning-reader.js';
import { Reader } from '../../inference/reader/reader.js';
import { MeaningFactChooser } from '../../src/memory/meaning-fact-chooser.js';

const place = (name: string): string => join(packageRoot, 'models', name);
const reader = new Reader({ reader: place('reader'), heads: { meaning: place('meaning') } });
const weights = readFactWeights(place('known-facts'), place('meaning'));
const chooser = new MeaningFactChooser(new MeaningReader(reader), weights);
afterAll(() => reader.close());

const facts = [
  'I moved to Leeds in March.',
  'My sister Ana is afraid of dogs.',
  'I am allergic to walnuts.',
  'I work nights in a bakery.',
  'My boss is called Mr Okafor.',
];

describe('the choice of known facts by meaning', () => {
  it.each([
    ['Where do I live?', undefined, 0],
    ['How is she?', 'I talked to my sister for an hour.', 1],
    ['I would like to bake a cake for the neighbours', undefined, 2],
    ['What was the name of my manager again?', undefined, 4],
  ])('"%s" (after "%s") brings fact %i', async (text, before, right) => {
    const { ranked, fitting } = await chooser.choose({ text, before }, facts);
    expect(ranked[0]?.index).toBe(right);
    expect(fitting[0]?.index).toBe(right);
    expect(ranked).toHaveLength(facts.length);
  });

  it('ranks a fact that was told in another language first', async () => {
    const { ranked } = await chooser.choose({ text: 'Wo wohne ich?' }, facts);
    expect(ranked[0]?.index).toBe(0);
  });

  it('finds nothing that fits what anybody may ask, and is the same twice', async () => {
    const asked = { text: 'How does a microwave work?' };
    const choice = await chooser.choose(asked, facts);
    expect(choice.fitting).toEqual([]);
    expect(await chooser.choose(asked, facts)).toEqual(choice);
  });

  it('is given nothing to choose from', async () => {
    expect(await chooser.choose({ text: 'hello' }, [])).toEqual({ ranked: [], fitting: [] });
    expect(await chooser.choose({ text: ' ' }, facts)).toEqual({ ranked: [], fitting: [] });
  });

  it('refuses weights of another meaning', () => {
    expect(() => readFactWeights(place('known-facts'), place('encoder'))).toThrow(
      expect.objectContaining({ code: 'RAPPORT_E_MODEL_FILE' }),
    );
  });
});
