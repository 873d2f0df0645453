import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CliRunner, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
const cli = new CliRunner(folder.path);
afterAll(folder.remove);

interface Listed {
  readonly total: number;
  readonly characters: readonly { readonly id: string; readonly name: string }[];
}

describe('characters', () => {
  test('list shows the default bank', async () => {
    const { total, characters } = await cli.json<Listed>(['characters', 'list']);
    expect(total).toBe(25);
    expect(characters).toHaveLength(25);
    expect(characters.map(({ id }) => id)).toEqual(expect.arrayContaining(['maren-voss', 'socrates']));
    const { stdout } = await cli.run(['characters', 'list']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(25);
    expect(stdout).toMatch(/^maren-voss +Maren Voss +[A-Z]{4} /m);
  });

  test('search finds by all words', async () => {
    const { total, characters } = await cli.json<Listed>(['characters', 'search', 'maren']);
    expect(total).toBe(1);
    expect(characters[0]).toMatchObject({ id: 'maren-voss', name: 'Maren Voss' });
    const none = await cli.run(['characters', 'search', 'zzzz']);
    expect(none).toMatchObject({ code: 0, stdout: 'No character fits.\n' });
  });

  test('show prints the whole character', async () => {
    const character = await cli.json<Record<string, unknown>>(['characters', 'show', 'maren-voss']);
    expect(character).toMatchObject({
      id: 'maren-voss',
      memory: expect.objectContaining({ hobby: expect.any(String) }),
    });
    expect((await cli.run(['characters', 'show', 'maren-voss'])).stdout).toMatch(/^id: maren-voss$/m);
  });

  test('an unknown id is a coded error', async () => {
    const { code, stdout, stderr } = await cli.run(['characters', 'show', 'nobody', '--json']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^RAPPORT_E_CHARACTER_UNKNOWN: There is no character "nobody"\.\n→ .*characters list/,
    );
  });

  test('RAPPORT_CHARACTERS names another bank', async () => {
    const file = join(folder.path, 'one.yaml');
    writeFileSync(file, 'id: tom\nname: Tom\nsupporterStatement: You are Tom.\n');
    const { characters } = await cli.json<Listed>(['characters', 'list'], 0, { RAPPORT_CHARACTERS: file });
    expect(characters.map(({ id }) => id)).toEqual(['tom']);
  });
});

describe('validate', () => {
  test('the default bank has no problem', async () => {
    expect(await cli.run(['characters', 'validate'])).toMatchObject({
      code: 0,
      stdout: '25 characters, no problem.\n',
    });
    expect(await cli.json(['characters', 'validate'])).toEqual({ ok: true, characters: 25, problems: [] });
  });

  test('every problem is named with its file and line', async () => {
    const bad = join(folder.path, 'bad');
    mkdirSync(bad);
    writeFileSync(join(bad, 'a.yaml'), 'id: Not An Id\nname: A\nsupporterStatement: You are A.\n');
    writeFileSync(join(bad, 'b.yaml'), 'id: b\n  name: [unclosed\n');
    const good = JSON.stringify({ id: 'c', name: 'C', supporterStatement: 'You are C.' });
    writeFileSync(join(bad, 'c.jsonl'), `${good}\n{"id":"d"}\nnot json\n`);
    const { code, stdout, stderr } = await cli.run(['characters', 'validate', bad]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^RAPPORT_E_CHARACTERS_INVALID/);
    for (const place of [/a\.yaml:1 +id: /, /b\.yaml:\d/, /c\.jsonl:2 +name: /, /c\.jsonl:3 /])
      expect(stderr).toMatch(place);
    const json = await cli.json<{ ok: boolean; problems: string[] }>(['characters', 'validate', bad], 1);
    expect(json.ok).toBe(false);
    expect(json.problems.length).toBeGreaterThanOrEqual(4);
  });

  test('a path that is not there', async () => {
    const { code, stderr } = await cli.run(['characters', 'validate', join(folder.path, 'nowhere')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/nowhere.*ENOENT/);
  });
});
