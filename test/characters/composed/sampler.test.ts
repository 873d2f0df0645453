import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBank } from '../../../characters/bank.js';
import { readChoices, writtenChoices } from '../../../characters/composed/choices.js';
import { partFinder } from '../../../characters/composed/compose.js';
import { composeAll, loadComposed, partsOf, withParts } from '../../../characters/composed/composed-bank.js';
import { contradictions } from '../../../characters/composed/contradictions.js';
import { likestPair } from '../../../characters/composed/likeness.js';
import { sampleBank } from '../../../characters/composed/sampler.js';
import { characterSchema, memoryAspects, worryAspect } from '../../../characters/schema.js';
import { fixtureText, partsOfText, regions, regionsText } from './fixture.js';

const parts = partsOfText(fixtureText());
const options = { seed: 3, perType: 4, year: 2026, taken: [] };
const table = sampleBank(parts, regions, options);
const characters = composeAll(table.choices, parts, regions, table.year);

describe('the sampler', () => {
  it('draws the same bank for the same seed and another one for another', () => {
    expect(sampleBank(parts, regions, options)).toEqual(table);
    expect(sampleBank(parts, regions, { ...options, seed: 4 }).choices).not.toEqual(table.choices);
  });

  it('deals out types, genders and regions in equal numbers, under names of their own', () => {
    const count = (key: 'mbti' | 'gender' | 'region'): number[] => {
      const values = table.choices.map((choice) => choice[key]);
      return [...new Set(values)].map((value) => values.filter((other) => other === value).length);
    };
    expect(count('mbti')).toEqual(Array(16).fill(4));
    expect(count('gender')).toEqual([32, 32]);
    expect(count('region')).toEqual([32, 32]);
    expect(new Set(characters.map(({ id }) => id)).size).toBe(64);
  });

  it('leaves names alone that are taken', () => {
    const taken = characters.map(({ name }) => name);
    const others = composeAll(
      sampleBank(parts, regions, { ...options, taken }).choices,
      parts,
      regions,
      2026,
    );
    expect(others.filter(({ name }) => taken.includes(name))).toEqual([]);
  });

  it('makes characters that the schema takes, with every aspect filled and nothing that contradicts', () => {
    const find = partFinder(parts);
    for (const [index, character] of characters.entries()) {
      expect(characterSchema.parse(character)).toEqual({ ...character });
      for (const aspect of [...memoryAspects, worryAspect])
        expect(character.memory[aspect]).toMatch(/^You .* You .*\.$/);
      const chosen = withParts(table.choices[index] ?? (undefined as never), find, regions, table.year);
      expect(contradictions(character, chosen)).toEqual([]);
    }
  });

  it('never gives two people both halves of an aspect', () => {
    for (const aspect of [...memoryAspects, worryAspect])
      expect(likestPair(characters.map(({ memory }) => memory[aspect] ?? '')).jaccard, aspect).toBeLessThan(
        0.6,
      );
  });

  it('says which pool does not suffice', () => {
    const poor = { ...parts, habit: parts.habit.map((part) => ({ ...part, gender: 'f' as const })) };
    expect(() => sampleBank(poor, regions, options)).toThrowError(
      expect.objectContaining({ code: 'RAPPORT_E_BANK_PARTS', message: expect.stringContaining('"habit"') }),
    );
  });
});

describe('a composed character', () => {
  it('is the same whenever it is read, and each person in it has a name of their own', () => {
    const [first] = characters;
    const [again] = composeAll(table.choices, parts, regions, table.year);
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    const told = Object.values(first?.memory ?? {}).join(' ');
    const named = told.match(/\b(?:Fe|Ma)[a-z]{3}\b/g) ?? [];
    expect(named).toHaveLength(40);
    expect(new Set(named).size).toBe(40);
    expect(named).not.toContain(first?.shortName);
  });

  it('knows what it is made of; a copy does not', () => {
    const [first] = characters;
    if (!first) throw new Error('none');
    expect(partsOf(first)?.map(({ pool }) => pool)).toContain('hobby');
    expect(partsOf({ ...first })).toBeUndefined();
  });
});

describe('the table of choices', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-composed-'));
  const file = join(folder, 'bank.composed');
  const write = (text: string): void => writeFileSync(file, text);

  it('holds the choices and is read with the bank', () => {
    write(writtenChoices(table));
    expect(readChoices(file)).toEqual(table);
    mkdirSync(join(folder, 'modules'));
    writeFileSync(join(folder, 'modules/all.txt'), fixtureText());
    writeFileSync(join(folder, 'regions.txt'), regionsText());
    expect(JSON.stringify(loadComposed(file))).toBe(JSON.stringify(characters));
    expect(loadBank([folder]).all.map(({ id }) => id)).toEqual(characters.map(({ id }) => id));
  });

  it('is refused with its file where something is wrong', () => {
    write('{"format":1,"seed":1,"year":2026,"pools":{}}\nINTJ\tf\t30\teurope\tA\tB\tC\t0 1\n');
    expect(() => loadBank([folder])).toThrowError(
      expect.objectContaining({
        code: 'RAPPORT_E_CHARACTERS_INVALID',
        message: expect.stringContaining('bank.composed'),
      }),
    );
    rmSync(folder, { recursive: true });
  });
});
