import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBank } from '../../characters/bank.js';
import { mbtiTypes, memoryAspects, worryAspect } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { packageRoot } from '../../config/root.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-bank-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const problemsOf = (path: string): string => {
  try {
    loadBank([path]);
  } catch (error) {
    if (error instanceof RapportError && error.code === 'RAPPORT_E_CHARACTERS_INVALID') return error.message;
    throw error;
  }
  throw new Error('the bank was loaded');
};

describe('the default bank', () => {
  const bank = loadBank([join(packageRoot, 'characters/bank')]);
  const supporters = bank.all.filter(({ kind }) => kind === 'supporter');

  it('has one supporter a type and the nine figures of Character-LLM', () => {
    expect(supporters.map(({ mbti }) => mbti).toSorted()).toEqual([...mbtiTypes].toSorted());
    const figures = bank.all.filter(({ kind }) => kind === 'figure');
    expect(figures.map(({ id }) => id).toSorted()).toEqual([
      'beethoven',
      'caesar',
      'cleopatra',
      'hermione',
      'martin',
      'newton',
      'socrates',
      'spartacus',
      'voldemort',
    ]);
    expect(figures.every(({ matchable, model }) => !matchable && model?.format === 'character-llm')).toBe(
      true,
    );
  });

  it.each(supporters.map((character) => [character.id, character] as const))(
    '%s has every memory aspect in 60 to 120 words',
    (_, { memory }) => {
      for (const aspect of [...memoryAspects, worryAspect]) {
        const words = (memory[aspect] ?? '').split(/\s+/).filter(Boolean).length;
        expect(words, aspect).toBeGreaterThanOrEqual(60);
        expect(words, aspect).toBeLessThanOrEqual(120);
      }
    },
  );

  it('finds by name first, then by job, place and subject', () => {
    expect(bank.search('maren')[0]?.id).toBe('maren-voss');
    expect(bank.search('GRIEF norway').map(({ id }) => id)).toEqual(['maren-voss']);
    expect(bank.search('nothing-like-this')).toEqual([]);
    expect(bank.search('')).toHaveLength(25);
  });
});

describe('loading', () => {
  it('reads YAML, JSON and JSON Lines below a folder and keeps extra keys', () => {
    write('a.yaml', 'id: a\nname: Ada\nsupporterStatement: You are Ada.\nfriends: many\n');
    write(
      'deep/b.jsonl',
      '{"id":"b","name":"Bo","supporterStatement":"You are Bo."}\n\n{"id":"c","name":"Cy","supporterStatement":"You are Cy."}\n',
    );
    write('d.json', '[{"id":"d","name":"Di","supporterStatement":"You are Di.","persona":{"age":31}}]');
    const bank = loadBank([folder]);
    expect(bank.all.map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(bank.get('a')).toMatchObject({ friends: 'many' });
    expect(bank.get('d')?.persona.age).toBe('31');
  });

  it('reads the records of CharacterChat as they are', () => {
    const record = {
      mbti: 'infp',
      profile: { name: 'Lea Ott', age: 30, gender: 'female', tone: 'soft', hobby: 'She paints.' },
      profile_trans: { hobby: 'You paint.' },
      supporter_statement: 'You are Lea.',
      seeker_statement: null,
    };
    write('rows.jsonl', `${JSON.stringify(record)}\n`);
    expect(loadBank([join(folder, 'rows.jsonl')]).all).toMatchObject([
      { id: 'lea-ott', name: 'Lea Ott', mbti: 'INFP', memory: { hobby: 'You paint.' }, matchable: true },
    ]);
  });

  it('names every problem at once with file and line, and loads nothing', () => {
    write('bad.yaml', 'id: x\nname: [unclosed\n');
    write(
      'rows.jsonl',
      '{"id":"ok","name":"Ok","supporterStatement":"You are Ok."}\n{"id":"Not Good","name":""}\nnot json\n',
    );
    write('twin.yaml', 'id: ok\nname: Twin\nsupporterStatement: You are Twin.\n');
    const message = problemsOf(folder);
    expect(message).toMatch(/bad\.yaml:\d/);
    expect(message).toContain('rows.jsonl:2  id: ');
    expect(message).toContain('rows.jsonl:2  supporterStatement: ');
    expect(message).toContain('rows.jsonl:3');
    expect(message).toMatch(/twin\.yaml:1 {2}id: "ok" is taken by .*rows\.jsonl/);
  });

  it('says so when there is nothing', () => {
    expect(problemsOf(folder)).toContain('no character was found');
    expect(problemsOf(join(folder, 'missing'))).toContain('missing');
  });

  it('loads 1,024 full characters quickly', () => {
    const [model] = loadBank([join(packageRoot, 'characters/bank/supporters')]).all;
    const rows = Array.from({ length: 1_024 }, (_, index) => JSON.stringify({ ...model, id: `c-${index}` }));
    const file = write('bank.jsonl', rows.join('\n'));
    loadBank([file]);
    const startedAt = performance.now();
    expect(loadBank([file]).all).toHaveLength(1_024);
    // The aim is 300 ms on a quiet machine; the bound leaves room for busy ones.
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});
