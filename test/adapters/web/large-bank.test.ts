import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBank } from '../../../characters/bank.js';
import { composeAll } from '../../../characters/composed/composed-bank.js';
import { sampleBank } from '../../../characters/composed/sampler.js';
import { characterChoices, findCharacters } from '../../../src/commands/characters.js';
import { fixtureText, partsOfText, regions } from '../../characters/composed/fixture.js';
import { bank as usual } from '../../session/world.js';
import { Browser, startServer, type TestServer } from './server.js';

interface Page {
  readonly total: number;
  readonly characters: readonly { readonly id: string; readonly tags: readonly string[] }[];
  readonly tags?: readonly string[];
}

/** As many as the bank of 1,024 has: the hand-written ones and composed ones under other names. */
function largeBank() {
  const parts = partsOfText(fixtureText());
  const { choices, year } = sampleBank(parts, regions, { seed: 5, perType: 4, year: 2026, taken: [] });
  const composed = composeAll(
    Array.from({ length: 1_008 }, (_, i) => {
      const choice = choices[i % choices.length] as (typeof choices)[number];
      return {
        ...choice,
        surname: `${choice.surname}${String.fromCharCode(97 + Math.floor(i / choices.length))}`,
      };
    }),
    parts,
    regions,
    year,
  );
  return createBank([...composed, ...usual.all]);
}

describe('the gallery of a bank of 1,024 (A)', () => {
  const bank = largeBank();
  const total = bank.all.length;
  let server: TestServer;
  let ada: Browser;
  beforeAll(async () => {
    server = await startServer({ services: { bank } });
    ada = new Browser(server.url);
  });
  afterAll(() => server.stop());

  it('is turned page by page to its end, and the subjects of all are told with the first page', async () => {
    const first = await ada.call<Page>('GET', '/api/characters?limit=24');
    expect(first.total).toBe(total);
    expect(first.characters).toHaveLength(24);
    expect(first.tags?.[0]).toBe('grief');
    expect(first.tags).toContain('starting-over');
    const last = await ada.call<Page>('GET', `/api/characters?limit=24&offset=${total - 3}`);
    expect(last.characters).toHaveLength(3);
    expect(last).not.toHaveProperty('tags');
  });

  it('begins with those who are written by hand, and a name that is asked for comes first', () => {
    const hand = new Set(usual.all.map(({ id }) => id));
    const { characters } = findCharacters({ bank }, '', total);
    expect(characters.slice(0, hand.size).every(({ id }) => hand.has(id))).toBe(true);
    expect(characters).toHaveLength(total);
    expect(findCharacters({ bank }, 'maren', 3).characters[0]?.id).toBe('maren-voss');
  });

  it('narrows by type, subject and words', async () => {
    const { total: some, characters } = await ada.call<Page>(
      'GET',
      '/api/characters?mbti=INTJ&tag=grief&limit=5',
    );
    expect(some).toBeGreaterThanOrEqual(63);
    expect(some).toBeLessThan(80);
    expect(characters.every(({ tags }) => tags.includes('grief'))).toBe(true);
  });

  it('offers at most 25 choices while somebody types, quickly', () => {
    characterChoices({ bank }, 'a');
    const startedAt = performance.now();
    for (const typed of ['', 'm', 'ma', 'mar', 'grief', 'zzz'])
      expect(characterChoices({ bank }, typed).length).toBeLessThanOrEqual(25);
    // A few ms each on a quiet machine.
    expect(performance.now() - startedAt).toBeLessThan(300);
  });
});
