import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { read, v3 } from '../characters/cards/make.js';
import { fixtureText, regionsText } from '../characters/composed/fixture.js';
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
    const characters = await cli.json<Listed['characters']>(['characters', 'list']);
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
    const characters = await cli.json<Listed['characters']>(['characters', 'list'], 0, {
      RAPPORT_CHARACTERS: file,
    });
    expect(characters.map(({ id }) => id)).toEqual(['tom']);
  });
});

describe('cards', () => {
  test('import, chat, export: a card is talked to and comes out again with what it was given', async () => {
    const card = { ...v3({ nickname: 'Mi', extensions: { z: 1 } }) };
    writeFileSync(join(folder.path, 'card.json'), JSON.stringify(card));
    const told = await cli.json(['characters', 'import', join(folder.path, 'card.json')]);
    expect(told).toEqual({ id: 'mia', name: 'Mia', warnings: [] });
    const { stdout, code } = await cli.run(['chat', '--character', 'mia', '--json'], { input: 'Hello\n' });
    expect(code).toBe(0);
    expect(stdout).toContain('Hello you, I am Mi.');
    const out = join(folder.path, 'mia.png');
    await cli.run(['characters', 'export', 'mia', '--format', 'v3-png', '--out', out]);
    const { character, card: kept } = await read(readFileSync(out));
    expect(character).toMatchObject({ name: 'Mia', shortName: 'Mi' });
    const { data } = JSON.parse(kept?.text ?? '') as { data: object };
    expect({ ...data, modification_date: 0 }).toEqual({ ...(card.data as object), modification_date: 0 });
  });

  test('what is no card is refused with a code', async () => {
    writeFileSync(join(folder.path, 'no.png'), 'RIFF0000WEBP');
    const { code, stdout, stderr } = await cli.run([
      'characters',
      'import',
      join(folder.path, 'no.png'),
      '--json',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^RAPPORT_E_CARD_NONE: There is no character in no\.png: it is a picture \(webp\)/,
    );
  });

  test('new makes a character', async () => {
    const made = ['characters', 'new', '--name', 'Ada Lind', '--statement', 'You are Ada Lind.'];
    expect(await cli.json(made)).toEqual({ id: 'ada-lind', name: 'Ada Lind', warnings: [] });
    expect(await cli.json(['characters', 'show', 'ada-lind'])).toMatchObject({
      supporterStatement: 'You are Ada Lind.',
    });
    expect((await cli.run(['characters', 'new', '--greeting', 'Hi'])).code).toBe(2);
  });
});

describe('bank', () => {
  const from = join(folder.path, 'parts');
  const out = join(from, 'bank.composed');
  const args = ['characters', 'bank', '--from', from, '--out', out, '--per-type', '2', '--seed', '9'];

  test('composes a bank that is read like any other, the same for the same seed', async () => {
    mkdirSync(join(from, 'modules'), { recursive: true });
    writeFileSync(join(from, 'modules/all.txt'), fixtureText());
    writeFileSync(join(from, 'regions.txt'), regionsText());
    expect(await cli.json(args)).toMatchObject({ characters: 32, seed: 9, out });
    const first = readFileSync(out, 'utf8');
    expect((await cli.run(args)).stdout).toContain('32 characters, nothing contradicts');
    expect(readFileSync(out, 'utf8')).toBe(first);
    expect((await cli.run(['characters', 'validate', from])).stdout).toBe('32 characters, no problem.\n');
  });

  test('says which parts are too few', async () => {
    writeFileSync(join(from, 'modules/all.txt'), fixtureText().replaceAll('[habit x', '[quirk y'));
    const { code, stderr } = await cli.run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^RAPPORT_E_BANK_PARTS: .*"habit"/);
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
