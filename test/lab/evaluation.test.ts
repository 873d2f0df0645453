import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../config/root.js';
import { loadStrategies } from '../../config/strategies.js';
import { answeredTurns, dialogueSchema } from '../../lab/evaluation/dialogue.js';
import { evaluateEmotion } from '../../lab/evaluation/emotion.js';
import { parseHistory } from '../../lab/evaluation/memory-choices.js';
import { evaluateMemorySelector } from '../../lab/evaluation/memory-selector.js';
import { evaluatePersonaScore } from '../../lab/evaluation/persona-score.js';
import { readRows } from '../../lab/evaluation/read-rows.js';
import { evaluateStrategy } from '../../lab/evaluation/strategy.js';
import { spread } from '../../lab/evaluation/task.js';
import type { EmotionClassifier } from '../../src/emotion/emotion-classifier.js';
import type { StrategyPlanner } from '../../src/guidance/strategy-planner.js';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';
import { LexicalMemorySelector } from '../../src/memory/lexical-memory-selector.js';
import type { HistoryLine, MemorySelector } from '../../src/memory/memory-selector.js';

const fixtures = join(packageRoot, 'test/fixtures/evaluation');
const dialogues = join(fixtures, 'dialogues.jsonl');
const folder = mkdtempSync(join(tmpdir(), 'rapport-evaluation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('rows', () => {
  const schema = z.object({ a: z.number() });

  it('are read from plain and gzip files alike, blank lines and a byte order mark passed over', async () => {
    const text = '\uFEFF{"a":1}\r\n\n{"a":2}\n';
    const plain = await readRows(written('plain.jsonl', text), schema);
    const zipped = await readRows(written('zipped', gzipSync(text)), schema);
    expect(plain.map(({ value }) => value)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(zipped.map(({ value }) => value)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(plain[1]?.place).toBe(`${join(folder, 'plain.jsonl')}:3`);
  });

  it('that are bad are named with file and line', async () => {
    const file = written('bad.jsonl', '{"a":1}\n{"a":"x"}\n\n{oops\n');
    const failure = await readRows(file, schema).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'RAPPORT_E_INPUT_INVALID' });
    expect(String(failure)).toContain(`${file}:2: a: `);
    expect(String(failure)).toContain(`${file}:4: not JSON`);
  });

  it('many bad ones are counted', async () => {
    const file = written('many.jsonl', '{}\n'.repeat(30));
    const failure = await readRows(file, schema).catch((error: unknown) => error);
    expect(String(failure)).toContain(`${file}:10: `);
    expect(String(failure)).not.toContain(`${file}:11: `);
    expect(String(failure)).toContain('and 20 more');
  });

  it.each([
    ['empty', '', 'RAPPORT_E_INPUT_INVALID'],
    ['cut short', gzipSync('{"a":1}\n'.repeat(99)).subarray(0, 25), 'RAPPORT_E_FILE_UNREADABLE'],
  ])('none can be had from a file that is %s', async (name, content, code) => {
    await expect(readRows(written(name, content), schema)).rejects.toMatchObject({ code });
  });

  it('none can be had from a file that is not there', async () => {
    const missing = join(folder, 'missing');
    await expect(readRows(missing, schema)).rejects.toMatchObject({ code: 'RAPPORT_E_FILE_UNREADABLE' });
  });

  it('are thinned out evenly', () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7], 4)).toEqual([0, 2, 4, 6]);
    expect(spread([1, 2], 5)).toEqual([1, 2]);
  });
});

describe('dialogues', () => {
  it('give a case for each reply to a seeker, neighbouring lines of one speaker joined', async () => {
    const rows = await readRows(dialogues, dialogueSchema);
    const answered = rows.flatMap(({ value }) => answeredTurns(value)).slice(2);
    expect(answered.map(({ turn }) => turn.text)).toEqual([
      'Three times, that hurts.',
      'Ask for an hour on the very streets of the test.',
    ]);
    expect(answered[1]?.history).toEqual<HistoryLine[]>([
      { role: 'supporter', text: 'Welcome.' },
      { role: 'seeker', text: 'I failed the driving test.\nFor the third time.' },
      { role: 'supporter', text: 'Three times, that hurts.\nYou can book again.' },
      { role: 'seeker', text: 'What should I do differently?' },
    ]);
  });

  it('in one string are split at the speakers', () => {
    expect(parseHistory('supporter: Hi: you? seeker: I am\nfine. ')).toEqual([
      { role: 'supporter', text: 'Hi: you?' },
      { role: 'seeker', text: 'I am\nfine.' },
    ]);
    expect(parseHistory('')).toEqual([]);
  });
});

describe('memory-selector', () => {
  it('ranks the memories of the speaker; those that are not theirs are left out', async () => {
    const asked: unknown[] = [];
    const lexical = new LexicalMemorySelector();
    const selector: MemorySelector = {
      kind: 'spy',
      select: (history, candidates, k, used) => {
        asked.push([history.length, candidates, used]);
        return lexical.select(history, candidates, k);
      },
    };
    const { n, metrics, notes } = await evaluateMemorySelector(
      { file: dialogues },
      { selector, historyLines: 4 },
    );
    const candidates = [
      { aspect: 'hobby', text: 'You grow tomatoes on the balcony of your flat.' },
      { aspect: 'family_relationship', text: 'Your sister Ida calls you every Sunday evening.' },
    ];
    // Once with what both sides told of before, once with the speaker's own.
    expect(asked).toEqual([
      [1, candidates, { own: [], other: ['none'] }],
      [1, candidates, { own: [] }],
      [3, candidates, { own: ['hobby'], other: ['none', 'recent_worry_or_anxiety'] }],
      [3, candidates, { own: ['hobby'] }],
    ]);
    // "Hello there." shares no word with either: the tie counts as missed. Then the tomatoes of the reply win over Ida.
    expect(n).toBe(2);
    const ndcg3 = expect.closeTo(0.6309297535714575, 9);
    expect(metrics).toEqual({
      top1: 0,
      mrr: 0.5,
      ndcg3,
      ndcg3Seeker: null,
      ndcg3Supporter: ndcg3,
      top1OwnPicks: 0,
      mrrOwnPicks: 0.5,
      ndcg3OwnPicks: ndcg3,
    });
    expect(notes.join('\n')).toMatch(/spy\n.*\n1 choices left out/);
  });

  it("takes the info selector's rows, grouped by history", async () => {
    const options = { selector: new LexicalMemorySelector(), historyLines: 4 };
    const report = await evaluateMemorySelector({ file: join(fixtures, 'info-selector.jsonl') }, options);
    expect(report.n).toBe(1); // nothing had been said before the other
    expect(report.metrics).toMatchObject({ top1: 1, mrr: 1, ndcg3: 1, top1OwnPicks: 1 });
    expect(report.notes.join('\n')).toContain('2 of 2 candidates whose aspect the file does not name');
  });

  it('refuses a file of both kinds and labels beyond 0 and 1', async () => {
    const options = { selector: new LexicalMemorySelector(), historyLines: 4 };
    const info = '{"history":"seeker: a","info":"b","label":1}\n';
    const mixed = written('mixed.jsonl', `${info}{"turns":[{"speaker":"seeker","text":"a"}]}\n`);
    await expect(evaluateMemorySelector({ file: mixed }, options)).rejects.toThrow(
      'mixed.jsonl:2: of another kind',
    );
    const label = written('label.jsonl', `${info}{"history":"a","info":"b","label":2}\n`);
    await expect(evaluateMemorySelector({ file: label }, options)).rejects.toThrow('label.jsonl:2: label');
  });
});

describe('persona-score', () => {
  it('lays the learned fit on the scale of the ratings', async () => {
    const scorer: PersonaScorer = {
      kind: 'fixed',
      rank: async (_, bank) =>
        bank.map((character) => {
          const learnedFit = character.supporterStatement.includes('Mara') ? 0.75 : 0.5;
          const facets = { learnedFit, experience: 0, sharedGround: 0, temperament: 0, memories: 0 };
          return { character, score: 0.9, reasons: [], facets };
        }),
    };
    const { n, metrics } = await evaluatePersonaScore(
      { file: join(fixtures, 'persona-score.jsonl') },
      scorer,
    );
    // predicted 4, 3, 3 for 4.5, 3, 4
    expect(n).toBe(3);
    expect(metrics).toEqual({
      mse: expect.closeTo(1.25 / 3, 9),
      constantMse: expect.closeTo((2 / 3) ** 2 / 3 + (5 / 6) ** 2 / 3 + (1 / 6) ** 2 / 3, 9),
      spearman: expect.closeTo(1.5 / Math.sqrt(1.5 * 2), 9),
    });
  });

  it('names a rating off the scale', async () => {
    const file = written('rating.jsonl', '{"seeker_statement":"a","supporter_statement":"b","rating":6}\n');
    const scorer: PersonaScorer = { kind: 'none', rank: async () => [] };
    await expect(evaluatePersonaScore({ file }, scorer)).rejects.toThrow('rating.jsonl:1: rating');
  });
});

describe('emotion', () => {
  const labels = ['afraid', 'joyful', 'sad'];
  const classifier: EmotionClassifier = {
    kind: 'by its letter',
    labels,
    classify: async (text) => {
      const label = text.includes('!') ? 'joyful' : 'sad';
      const ranked = [
        { label, probability: 0.8 },
        { label: 'afraid', probability: 0.2 },
      ];
      return { label, probability: 0.8, valence: 0, arousal: 0, mood: 2.5, ranked };
    },
  };

  it("judges the situation and the seeker's first line, and single texts", async () => {
    const rows = [
      {
        emotion: 'joyful',
        situation: 'I won!',
        turns: [{ speaker: 'seeker', text: 'Guess what happened.' }],
      },
      { emotion: 'Sad', text: 'It rained.' },
      {
        emotion: 'afraid',
        turns: [
          { speaker: 'supporter', text: 'Hm?' },
          { speaker: 'seeker', text: 'A noise.' },
        ],
      },
    ];
    const file = written('emotion.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const { n, metrics } = await evaluateEmotion({ file }, { classifier, labels });
    // right, wrong, right, wrong (but afraid is among the first three)
    expect(n).toBe(4);
    expect(metrics).toEqual({
      accuracy: 0.5,
      macroF1: expect.closeTo((2 / 3 + 1 / 2) / 3, 9),
      weightedF1: expect.closeTo((2 * (2 / 3) + 1 / 2) / 4, 9),
      top3: 0.75,
      ece: expect.closeTo(0.3, 9),
    });
  });

  it('names a line whose emotion is none of them', async () => {
    const file = written('odd.jsonl', '{"emotion":"sad","text":"a"}\n{"emotion":"hungry","text":"b"}\n');
    await expect(evaluateEmotion({ file }, { classifier, labels })).rejects.toThrow(
      'odd.jsonl:2: emotion "hungry"',
    );
  });
});

describe('strategy', () => {
  const table = loadStrategies();
  const asked: { lines: number; recent: readonly string[] }[] = [];
  const planner: StrategyPlanner = {
    kind: 'spy',
    infer: async (history, recent) => {
      asked.push({ lines: history.length, recent });
      return { label: 'Providing Suggestions or Information', motivation: '', probability: 1 };
    },
  };

  it('judges each reply, telling the planner the right strategies so far', async () => {
    const { n, metrics } = await evaluateStrategy({ file: dialogues }, { planner, table, historyLines: 80 });
    expect(asked).toEqual([
      { lines: 1, recent: [] },
      { lines: 3, recent: ['Greeting'] },
      { lines: 2, recent: ['Greeting'] },
      {
        lines: 4,
        recent: ['Greeting', 'Reflection of Feelings', 'Providing Suggestions or Information'],
      },
    ]);
    // expected Greeting, Question, Reflection, Suggestions; F1 of Suggestions 2/5; four classes occur, and one takes all:
    // strengths 4, 0, 0, 0 and 1 for the four that do not occur
    expect(n).toBe(4);
    expect(metrics).toEqual({
      accuracy: 0.25,
      macroF1: 0.1,
      weightedF1: 0.1,
      preferenceBias: expect.closeTo(Math.sqrt(12 / 8), 9),
    });
  });

  it('takes one split, and says which there are', async () => {
    const options = { planner, table, historyLines: 80 };
    expect((await evaluateStrategy({ file: dialogues, split: 'valid' }, options)).n).toBe(2);
    await expect(evaluateStrategy({ file: dialogues, split: 'test' }, options)).rejects.toThrow(
      'train, valid',
    );
  });

  it('names a strategy that the table does not have', async () => {
    const file = written(
      'strategy.jsonl',
      '{"turns":[{"speaker":"seeker","text":"a"},{"speaker":"supporter","text":"b","strategy_magic":"Hypnosis"}]}\n',
    );
    await expect(evaluateStrategy({ file }, { planner, table, historyLines: 80 })).rejects.toThrow(
      /strategy\.jsonl:1: .*"Hypnosis" is not one of: Question,/,
    );
  });
});
