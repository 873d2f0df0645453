import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsOf, oldestAge } from '../../../characters/composed/mentions.js';
import { type PartProblem, parseParts, readParts } from '../../../characters/composed/read-parts.js';

const parsed = (text: string) => {
  const problems: PartProblem[] = [];
  return { parts: parseParts(text, 'a.txt', problems), problems };
};

describe('reading parts', () => {
  it('takes head, text and lines', () => {
    const { parts, problems } = parsed(
      `[growth two-left-shoes] age=30-70 gender=f tags=grief,shame regions=europe|asia\nYou once\nwaited for {man} in {town}.\nsay loss: I waited.\nsum: waited for a year.\nhelps: understands waiting\n`,
    );
    expect(problems).toEqual([]);
    expect(parts).toEqual([
      {
        pool: 'growth',
        id: 'two-left-shoes',
        age: [30, 70],
        gender: 'f',
        tags: ['grief', 'shame'],
        regions: ['europe', 'asia'],
        text: 'You once waited for {man} in {town}.',
        say: [['loss', 'I waited.']],
        sum: 'waited for a year',
        helps: 'understands waiting',
      },
    ]);
  });

  it.each([
    ['hobby no brackets', 'begins with [POOL id]'],
    ['[nothing x]\nYou.', 'begins with [POOL id]'],
    ['[hobby x] agee=3\nYou.\nsum: y', 'agee'],
    ['[hobby x] age=70-20\nYou.\nsum: y', 'age'],
    ['[hobby x] loose\nYou.\nsum: y', 'not a key: loose'],
    ['[hobby x]\nsum: y', 'the text is missing'],
    ['[hobby x]\nYou swim.', '"sum:" is missing'],
    ['[growth x]\nYou fell.\nsum: fallen', '"helps:" is missing'],
    ['[job x]\nYou bake.\nsum: a baker', 'title= is missing'],
    ['[family x] partner=no\nYou.', 'a family tells'],
    ['[strength x]\nYou.', 'type= belongs'],
    ['[place x]\nYou live by {river}.', 'unknown slot {river}'],
  ])('refuses %j', (text, reason) => {
    const { parts, problems } = parsed(`\n${text}`);
    expect(parts).toEqual([]);
    expect(problems).toEqual([{ file: 'a.txt', line: 2, reason: expect.stringContaining(reason) }]);
  });

  describe('of a folder', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'rapport-parts-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('names every problem with its code, file and line', () => {
      writeFileSync(join(folder, 'a.txt'), '[place x]\nYou.\n\n[place y]\n');
      writeFileSync(join(folder, 'b.txt'), '[place x]\nYou too.\n');
      expect(() => readParts(folder)).toThrowError(
        expect.objectContaining({
          code: 'RAPPORT_E_CHARACTERS_INVALID',
          message: expect.stringMatching(/a\.txt:4 .*text is missing[\s\S]*\[place x\] is there twice/),
        }),
      );
    });
  });
});

describe('what a part asks of a life', () => {
  const needs = (text: string) => needsOf(parsed(text).parts[0] ?? (undefined as never));

  it('is what its head says', () => {
    expect(needs('[quirk x] pet=cat\nYou.')).toEqual({ pet: ['cat'] });
    expect(needs('[quirk x] children=yes\nYou.')).toEqual({ children: ['small', 'grown', 'yes'] });
  });

  it('is what its words say, where the head does not', () => {
    expect(needs('[quirk x]\nYour wife hides the keys, and your older sister finds them.')).toEqual({
      partner: ['yes'],
      siblings: ['yes'],
    });
    expect(needs('[hobby x]\nYou swim before work.\nsum: swims')).toEqual({ work: ['yes'] });
    expect(needs('[quirk x]\nYour sister-in-law calls, and you water the plants.')).toEqual({});
    expect(needs('[origin x]\nYour mother sold bread and your dog ate it.')).toEqual({});
  });

  it('is what its themes need', () => {
    expect(needs('[worry x] tags=exams,night-shift\nYou.\nsum: y\nhelps: z')).toEqual({ work: ['yes'] });
  });

  it('finds the oldest age that is told', () => {
    expect(
      oldestAge('At thirty-three you left. You turned fifty, and an aunt married at seventy-four.'),
    ).toBe(50);
    expect(oldestAge('You have said so since you were forty-two.')).toBe(42);
    expect(oldestAge('The bus leaves at twenty past four, at thirty degrees.')).toBe(0);
  });
});
