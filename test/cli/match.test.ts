import { afterAll, expect, test } from 'vitest';
import { CliRunner, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
const cli = new CliRunner(folder.path);
afterAll(folder.remove);

interface Matches {
  readonly matches: readonly {
    readonly id: string;
    readonly name: string;
    readonly score: number;
    readonly reasons: readonly { readonly facet: string; readonly score: number; readonly text: string }[];
  }[];
  readonly scorer: string;
}

const persona = ['match', '--persona', 'I work nights in a bakery. I cannot sleep since my husband died.'];

test('ranks with reasons, best first', async () => {
  const { matches, scorer, ...rest } = await cli.json<Matches>([...persona, '--top', '4', '--mbti', 'infp']);
  expect(rest).toEqual({});
  expect(scorer).toBe('encoder');
  expect(matches).toHaveLength(4);
  expect(matches.map(({ id }) => id)).toContain('maren-voss');
  const scores = matches.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  for (const match of matches) {
    expect(Object.keys(match)).toEqual(['id', 'name', 'score', 'reasons']);
    expect(match.reasons.length).toBeGreaterThan(0);
    for (const reason of match.reasons)
      expect(reason).toEqual({
        facet: expect.any(String),
        score: expect.any(Number),
        text: expect.any(String),
      });
  }
});

test('three by default, for reading', async () => {
  const { code, stdout, stderr } = await cli.run(persona);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(stdout.match(/^\d\.\d{3} {2}.+ \([a-z-]+\)$/gm)).toHaveLength(3);
});

test('without the encoder shared words decide, and it is said', async () => {
  const file = `${folder.path}/rapport.yaml`;
  const { writeFileSync } = await import('node:fs');
  writeFileSync(file, 'scorers: { encoder: no-such-folder }\n');
  const { code, stdout, stderr } = await cli.run([...persona, '--json'], { env: { RAPPORT_CONFIG: file } });
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as Matches).scorer).toBe('lexical');
  expect(stderr).toMatch(/RAPPORT_E_MODEL_FILE: .*no-such-folder.*Shared words/s);
});

test('--feedback shows what was learned from ratings, here nothing yet', async () => {
  const found = await cli.json<Record<string, unknown>>(['match', '--feedback']);
  expect(found).toMatchObject({
    learning: { enabled: true, minRatings: 30, active: false },
    ratings: 0,
    conversations: 0,
    observations: [],
  });
  expect(Object.keys(found)).toEqual(['learning', 'ratings', 'conversations', 'weights', 'observations']);
  const { stdout } = await cli.run(['match', '--feedback']);
  expect(stdout).toContain('0 of 30 ratings');
});

test('neither a persona nor --feedback is a misuse', async () => {
  const { code, stderr } = await cli.run(['match']);
  expect(code).toBe(2);
  expect(stderr).toContain('--persona');
});
