import { describe, expect, it } from 'vitest';
import { conceptsOf, widened } from '../../src/memory/concepts.js';
import { factWords } from '../../src/memory/fact-words.js';
import { FallbackFactChooser } from '../../src/memory/fallback-fact-chooser.js';
import { knownFacts, type Told, withinBudget } from '../../src/memory/known-facts.js';
import { LexicalFactChooser } from '../../src/memory/lexical-fact-chooser.js';
import { silentLogger } from '../../src/telemetry/logger.js';

const told = (...texts: readonly string[]): Told[] => texts.map((text, place) => ({ text, at: place }));

describe('known facts', () => {
  it('tells a fact once, as it was said last', () => {
    const facts = knownFacts(['I live in Leeds', ' '], told('My dog is Pixel', 'i live in leeds!'));
    expect(facts).toEqual([
      { text: 'My dog is Pixel', at: 0, from: 'remembered' },
      { text: 'i live in leeds!', at: 1, from: 'remembered' },
    ]);
  });

  const three = knownFacts([], told('one', 'two', 'three'));
  const ranked = [
    { index: 2, score: 3 },
    { index: 0, score: 2 },
    { index: 1, score: 1 },
  ];

  it('keeps what ranks first within the budget, in the order it was told', () => {
    const kept = withinBudget(three, ranked, ranked.slice(0, 1), { count: 2, units: 100 });
    expect(kept.map(({ text, fits }) => [text, fits])).toEqual([
      ['one', false],
      ['three', true],
    ]);
  });

  it('passes over a fact that is longer than what is left', () => {
    const long = knownFacts([], told('one', 'two', 'a long one'));
    const kept = withinBudget(long, ranked, [], { count: 3, units: 6 });
    expect(kept.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('keeps the first ones where nothing was ranked', () => {
    const kept = withinBudget(three, [], [], { count: 2, units: 100 });
    expect(kept.map(({ text }) => text)).toEqual(['one', 'two']);
  });
});

describe('what facts are asked by', () => {
  it.each([
    ["What's my cousin called?", ['cousin']],
    ['Meine Schwester wohnt in Kassel', ['sister']],
    ['¿Cómo está mi madre?', ['mother']],
    ['Где живёт мой брат?', ['brother']],
    ['Kız kardeşimin adı Elif', ['sister', 'siblings']],
    ['妹の名前は美咲です', ['sister']],
    ['مديري عصبي', ['boss']],
    ['मेरी बहन', ['sister']],
    ['Every Thursday I sing', ['thursday']],
    ['The weather may change', []],
  ])('reads "%s"', (text, names) => {
    expect([...conceptsOf(text)]).toEqual(names);
  });

  it('knows that a pet may be a dog', () => {
    expect(widened(new Set(['pet']))).toEqual(new Set(['pet', 'dog', 'cat']));
  });

  it('shares beginnings of words, numbers, and pairs of characters', () => {
    expect([...factWords('Drives 2009 Fiats')]).toEqual(['drive', '2009', 'fiats']);
    expect([...factWords('妹妹叫')]).toEqual(['妹妹', '妹叫']);
  });
});

describe('the choice by shared words', () => {
  const facts = ['I bake bread', 'My dog is called Pixel', 'I live in Leeds'];

  it('puts what shares a word first, and what is named by the line before', async () => {
    const chooser = new LexicalFactChooser();
    const now = await chooser.choose({ text: 'The dog is ill' }, facts);
    expect(now.fitting.map(({ index }) => index)).toEqual([1]);
    expect(now.ranked).toHaveLength(3);
    const earlier = await chooser.choose({ text: 'How is he?', before: 'I took the dog out' }, facts);
    expect(earlier.ranked[0]?.index).toBe(1);
    expect((await chooser.choose({ text: 'hm' }, facts)).fitting).toEqual([]);
  });

  it('stands in where the other fails', async () => {
    const broken = { kind: 'broken', choose: () => Promise.reject(new Error('no thread')) };
    const chooser = new FallbackFactChooser(broken, new LexicalFactChooser(), silentLogger);
    expect((await chooser.choose({ text: 'bread' }, facts)).ranked[0]?.index).toBe(0);
  });
});
