import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  type ConfusionMatrix,
  confusionMatrix,
  constantSquaredError,
  distinct,
  expectedCalibrationError,
  loopRate,
  macroF1,
  meanSquaredError,
  ndcgAt,
  preferenceBias,
  reciprocalRank,
  repeatsItself,
  spearman,
  tiesLast,
  topOne,
  weightedF1,
  wordsOf,
} from '../../../lab/evaluation/metrics.js';

describe('ranking', () => {
  it('counts the first place, the reciprocal rank and the discounted gain', () => {
    const third = [false, false, true, false];
    expect(topOne(third)).toBe(0);
    expect(reciprocalRank(third)).toBeCloseTo(1 / 3, 12);
    expect(ndcgAt(third, 3)).toBeCloseTo(0.5, 12); // 1 / log2(4)
    expect(ndcgAt([false, true], 3)).toBeCloseTo(0.6309297535714575, 12); // 1 / log2(3)
    expect(ndcgAt([false, false, false, true], 3)).toBe(0);
    expect([topOne([true, false]), reciprocalRank([true, false]), ndcgAt([true, false], 3)]).toEqual([
      1, 1, 1,
    ]);
    expect([topOne([]), reciprocalRank([false]), ndcgAt([false], 3)]).toEqual([0, 0, 0]);
  });

  it('divides by the best possible order where several are relevant', () => {
    // (1/log2 3 + 1/log2 4) / (1 + 1/log2 3)
    expect(ndcgAt([false, true, true], 3)).toBeCloseTo(1.1309297535714575 / 1.6309297535714575, 12);
  });

  it('lets a tie earn nothing', () => {
    const items = [
      { score: 0.5, relevant: true },
      { score: 0.5, relevant: false },
      { score: 0.2, relevant: false },
    ];
    expect(tiesLast(items)).toEqual([false, true, false]);
  });
});

describe('regression', () => {
  it('squares the errors, also those of the best constant', () => {
    expect(meanSquaredError([1, 2, 4], [1, 3, 2])).toBeCloseTo(5 / 3, 12);
    expect(constantSquaredError([1, 3, 2])).toBeCloseTo(2 / 3, 12);
  });

  it('correlates ranks, ties sharing theirs', () => {
    expect(spearman([10, 20, 30], [1, 2, 300])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3, 4], [2, 1, 4, 3])).toBeCloseTo(0.6, 12); // 1 - 6·4 / (4·15)
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(spearman([1, 2, 3], [5, 5, 5])).toBeNull();
  });

  it('only the order counts', () => {
    const values = fc.uniqueArray(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2 });
    fc.assert(
      fc.property(values, (list) => {
        expect(
          spearman(
            list,
            list.map((value) => value ** 3),
          ),
        ).toBeCloseTo(1, 9);
        expect(
          spearman(
            list,
            list.map((value) => -value),
          ),
        ).toBeCloseTo(-1, 9);
      }),
    );
  });
});

describe('classification', () => {
  const labels = ['a', 'b', 'c', 'never'];
  const cases = ['aa', 'aa', 'ab', 'bb', 'ba', 'cb'].map((pair) => ({
    expected: pair.charAt(0),
    predicted: pair.charAt(1),
  }));
  const matrix = confusionMatrix(cases, labels);

  it('counts by expected and predicted class', () => {
    expect(matrix).toEqual([
      [2, 1, 0, 0],
      [1, 1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('averages F1 over the classes that occur', () => {
    // F1: a 4/6, b 2/5, c 0
    expect(accuracy(matrix)).toBeCloseTo(0.5, 12);
    expect(macroF1(matrix)).toBeCloseTo((2 / 3 + 2 / 5) / 3, 12);
    expect(weightedF1(matrix)).toBeCloseTo((3 * (2 / 3) + 2 * (2 / 5)) / 6, 12);
  });
});

describe('preference bias', () => {
  it('is the spread of Bradley-Terry strengths: 3 to 1 gives 1.5 and 0.5', () => {
    const matrix: ConfusionMatrix = [
      [9, 1],
      [3, 4],
    ];
    expect(preferenceBias(matrix)).toBeCloseTo(0.5, 6);
  });

  it('is 0 where no class is preferred, however many answers are right', () => {
    expect(
      preferenceBias([
        [5, 2, 1],
        [2, 0, 7],
        [1, 7, 9],
      ]),
    ).toBeCloseTo(0, 6);
    expect(
      preferenceBias([
        [5, 0],
        [0, 1],
      ]),
    ).toBe(0);
  });

  it('a class that is never answered has strength 0; with two others at 3 to 1 that is 2.25, 0.75 and 0', () => {
    const bias = preferenceBias([
      [1, 1, 0],
      [3, 1, 0],
      [2, 2, 0],
    ]);
    expect(bias).toBeCloseTo(Math.sqrt((1.25 ** 2 + 0.25 ** 2 + 1) / 3), 6);
  });

  it('is greatest where one class takes all: √(classes − 1)', () => {
    expect(
      preferenceBias([
        [5, 0, 0],
        [3, 0, 0],
        [4, 0, 0],
      ]),
    ).toBeCloseTo(Math.sqrt(2), 12);
  });

  it('keeps 1 for a class without mistakes', () => {
    const bias = preferenceBias([
      [9, 1, 0],
      [3, 4, 0],
      [0, 0, 6],
    ]);
    expect(bias).toBeCloseTo(Math.sqrt((0.25 + 0.25) / 3), 6);
  });

  it('is unknown where several classes win and never lose', () => {
    expect(
      preferenceBias([
        [5, 0, 0],
        [0, 5, 0],
        [1, 2, 0],
      ]),
    ).toBeNull();
  });

  it('counting everything twice changes nothing', () => {
    const count = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        fc.array(fc.array(count, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
        (matrix) => {
          const bias = preferenceBias(matrix);
          const doubled = preferenceBias(matrix.map((row) => row.map((value) => 2 * value)));
          expect(bias).not.toBeNull();
          expect(doubled).toBeCloseTo(bias ?? -1, 6);
        },
      ),
    );
  });
});

describe('diversity', () => {
  it('counts distinct n-grams over all texts', () => {
    const texts = ['I hear you', 'I  hear that\nyou'].map(wordsOf);
    expect(texts[1]).toEqual(['i', 'hear', 'that', 'you']);
    expect(distinct(texts, 1)).toBeCloseTo(4 / 7, 12);
    expect(distinct(texts, 2)).toBeCloseTo(4 / 5, 12);
    expect(distinct([], 2)).toBe(0);
  });

  it('finds a run of four words that comes again', () => {
    const loop = wordsOf('it will be fine now because it will be fine');
    const none = wordsOf('it will be fine now because it will be good');
    expect([repeatsItself(loop), repeatsItself(none)]).toEqual([true, false]);
    expect(loopRate([loop, none])).toBe(0.5);
  });
});

describe('expected calibration error', () => {
  it('is nothing where confidence is earned, and the gap where it is not', () => {
    const half = [
      { confidence: 0.5, right: true },
      { confidence: 0.5, right: false },
    ];
    expect(expectedCalibrationError(half)).toBeCloseTo(0, 12);
    expect(expectedCalibrationError([...half, { confidence: 1, right: false }])).toBeCloseTo(1 / 3, 12);
  });

  it('stays between 0 and 1', () => {
    const prediction = fc.record({
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      right: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(prediction, { minLength: 1 }), (predictions) => {
        const error = expectedCalibrationError(predictions);
        return error >= 0 && error <= 1 + 1e-9;
      }),
    );
  });
});
