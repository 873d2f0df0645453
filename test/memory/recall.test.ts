import { describe, expect, it } from 'vitest';
import { monthsIn, numbersIn } from '../../src/memory/dates.js';
import type { Meaning } from '../../src/memory/meaning.js';
import { type PastTurn, RecallIndex } from '../../src/memory/recall.js';

const line = (id: string, speaker: string, text: string, session = 0, at?: string): PastTurn => ({
  id,
  speaker,
  text,
  session,
  at,
});
const turns = [
  line('a1', 'Ann', 'I adopted a kitten, Pixel', 0, '1:56 pm on 8 May, 2023'),
  line('a2', 'Bo', 'Lovely! What colour?', 0, '1:56 pm on 8 May, 2023'),
  line('a3', 'Ann', 'Black and white', 0, '1:56 pm on 8 May, 2023'),
  line('b1', 'Bo', 'We camped by the lake', 1, '9 am on 12 July, 2023'),
  line('b2', 'Ann', 'We camped in the hills', 1, '9 am on 12 July, 2023'),
];
const idsOf = async (index: RecallIndex, question: string, k = 5): Promise<string[]> =>
  (await index.search(question, k)).map(({ turn }) => turn.id);

describe('recall of a long conversation', () => {
  const byWords = new RecallIndex(turns, null);

  it('finds a turn by its words and at most so many', async () => {
    expect(await idsOf(byWords, 'Who adopted a kitten?', 1)).toEqual(['a1']);
    expect(await idsOf(byWords, 'kitten', 9)).toHaveLength(turns.length);
  });

  it('finds an answer by the question before it', async () => {
    expect(await idsOf(byWords, 'Which colour is it?', 2)).toEqual(['a2', 'a3']);
  });

  it('listens to who is named, and to when', async () => {
    expect(await idsOf(byWords, 'Where has Ann camped?', 1)).toEqual(['b2']);
    expect((await idsOf(byWords, 'What was on 8 May?', 3)).sort()).toEqual(['a1', 'a2', 'a3']);
  });

  it('joins meaning to words, makes the vectors once, and tries again where they failed', async () => {
    let asked = 0;
    let broken = true;
    const meaning: Meaning = {
      vectors: async (texts, side) => {
        if (side === 'passage') asked += 1;
        if (broken) throw new Error('no thread');
        return texts.map((text) => Float32Array.of(/lake|water/.test(text) ? 1 : 0, 0.1));
      },
    };
    const index = new RecallIndex(turns, meaning);
    await expect(index.search('by the water', 1)).rejects.toThrow('no thread');
    broken = false;
    expect(await idsOf(index, 'by the water', 1)).toEqual(['b1']);
    expect(await idsOf(index, 'by the water', 1)).toEqual(['b1']);
    expect(asked).toBe(4);
  });

  it('has nothing to find in nothing', async () => {
    expect(await new RecallIndex([], null).search('hello', 5)).toEqual([]);
  });

  it('reads months and days, and no time of day', () => {
    expect([...monthsIn('8 May, or june')]).toEqual([5, 6]);
    expect([...numbersIn('1:56 pm on 8 May, 2023; the 21st, 9am')]).toEqual([8, 21]);
  });
});
