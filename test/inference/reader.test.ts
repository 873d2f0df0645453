import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { CareReader } from '../../inference/reader/care-reader.js';

const folders = { reader: join(packageRoot, 'models/reader'), care: join(packageRoot, 'models/care') };
const reader = new CareReader(folders);
afterAll(() => reader.close());

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
    ['I started cutting again', 'I started cutting the hedge again'],
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
    expect(() => new CareReader({ ...folders, care: join(packageRoot, 'models/nothing') })).toThrow(
      expect.objectContaining({ code: 'RAPPORT_E_MODEL_FILE' }),
    );
  });
});
