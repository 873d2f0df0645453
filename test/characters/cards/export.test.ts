import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadBank } from '../../../characters/bank.js';
import {
  type ExportFormat,
  exportCharacter,
  exportFormats,
  type KeptCharacter,
} from '../../../characters/cards/export.js';
import { cardTextsOf } from '../../../characters/cards/png.js';
import { readZip, writeZip } from '../../../characters/cards/zip.js';
import { ImportedCharacters } from '../../../characters/imported.js';
import { packageRoot } from '../../../config/root.js';
import { base64, chunk, png, read, v2, v3 } from './make.js';

const at = Date.UTC(2026, 4, 3);
const folder = mkdtempSync(join(tmpdir(), 'rapport-cards-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const imported = new ImportedCharacters(join(folder, 'characters'));

const text = z.string();
const texts = z.array(text);
const extensions = z.record(text, z.unknown());
const entry = z.looseObject({
  keys: texts,
  content: text,
  extensions,
  enabled: z.boolean(),
  insertion_order: z.number(),
  case_sensitive: z.boolean().optional(),
  constant: z.boolean().optional(),
  selective: z.boolean().optional(),
  secondary_keys: texts.optional(),
});
const both = {
  ...{
    name: text.min(1),
    description: text,
    personality: text,
    scenario: text,
    first_mes: text,
    mes_example: text,
  },
  ...{
    creator_notes: text,
    system_prompt: text,
    post_history_instructions: text,
    alternate_greetings: texts,
  },
  ...{ tags: texts, creator: text, character_version: text, extensions },
};
const two = z.strictObject({
  spec: z.literal('chara_card_v2'),
  spec_version: z.literal('2.0'),
  data: z.strictObject({
    ...both,
    character_book: z
      .looseObject({ extensions, entries: z.array(entry.extend({ use_regex: z.never().optional() })) })
      .optional(),
  }),
});
const three = z.strictObject({
  spec: z.literal('chara_card_v3'),
  spec_version: z.literal('3.0'),
  data: z.strictObject({
    ...both,
    nickname: text.optional(),
    group_only_greetings: texts,
    modification_date: z.int(),
    assets: z
      .array(z.object({ type: text, uri: text, name: text, ext: text.regex(/^[a-z0-9]+$/) }))
      .optional(),
    character_book: z
      .looseObject({ extensions, entries: z.array(entry.extend({ use_regex: z.boolean() })) })
      .optional(),
  }),
});

async function exported(kept: KeptCharacter, format: ExportFormat): Promise<Buffer> {
  return (await exportCharacter(kept, format, at)).bytes;
}

async function cardIn(kept: KeptCharacter, format: ExportFormat): Promise<Record<string, unknown>> {
  const bytes = await exported(kept, format);
  if (format.endsWith('json')) return JSON.parse(bytes.toString()) as Record<string, unknown>;
  if (format === 'charx')
    return JSON.parse((await readZip(bytes)).get('card.json')?.toString() ?? '') as Record<string, unknown>;
  const keyword = format === 'v2-png' ? 'chara' : 'ccv3';
  const found = cardTextsOf(bytes).find((one) => one.keyword === keyword);
  return JSON.parse(Buffer.from(found?.text ?? '', 'base64').toString()) as Record<string, unknown>;
}

/** Stored and read again, as after a start; with changes somebody made. */
async function stored(file: unknown, changes: object = {}): Promise<KeptCharacter> {
  const found = await read(file);
  const { character } = await imported.add(found, { owner: null });
  const kept = imported.kept(character.id);
  if (!kept) throw new Error('not kept');
  return { ...kept, character: { ...kept.character, ...changes } };
}

const bank = loadBank([join(packageRoot, 'characters/bank')]).all;

describe('export', () => {
  it('any character of ours passes the rules of V1, V2 and V3, and comes back whole', async () => {
    for (const character of bank) {
      const kept = { character, card: null, picture: null, files: new Map<string, Buffer>() };
      two.parse(await cardIn(kept, 'v2-json'));
      three.parse(await cardIn(kept, 'v3-json'));
      expect(Object.keys(await cardIn(kept, 'v1-json'))).toEqual([
        'name',
        'description',
        'personality',
        'scenario',
        'first_mes',
        'mes_example',
      ]);
      const again = (await read(await exported(kept, 'v3-json'))).character;
      expect(again).toMatchObject({
        name: character.name,
        memory: character.memory,
        persona: character.persona,
        greeting: character.greeting,
      });
      expect(again.model).toBeUndefined();
    }
    const [character] = bank;
    if (!character) return;
    const kept = { character, card: null, picture: null, files: new Map<string, Buffer>() };
    for (const format of ['v2-png', 'v3-png', 'charx'] as const)
      (format === 'v2-png' ? two : three).parse(await cardIn(kept, format));
    expect((await read(await exported(kept, 'yaml'), true)).character).toEqual(character);
  });

  it('row 8: a card comes out as it went in, but for its date of modification', async () => {
    const given = v3({
      nickname: 'Mi',
      source: ['https://example.org/1'],
      creation_date: 1,
      extensions: { 'z/q': { deep: [1, null, ''] } },
      character_book: {
        extensions: { b: 1 },
        entries: [
          {
            keys: ['bee'],
            content: '@@depth 2\nBees.',
            extensions: { e: 2 },
            enabled: true,
            insertion_order: 1,
            use_regex: false,
            odd: 'kept',
          },
        ],
      },
      unheard_of: 7,
    });
    const kept = await stored({ ...given, top: 'kept' });
    for (const format of ['v3-json', 'v3-png'] as const) {
      const { data, ...rest } = (await cardIn(kept, format)) as { data: Record<string, unknown> };
      const { modification_date, ...same } = data;
      expect({ ...rest, data: same }).toEqual({ ...given, top: 'kept' });
      expect(modification_date).toBe(at / 1_000);
    }
  });

  it('row 8: numbers keep every digit they were written with', async () => {
    const raw = JSON.stringify(v3()).replace(
      '"extensions":{}',
      '"extensions":{"id":12345678901234567890,"x":1.0,"e":1e400}',
    );
    const bytes = await exported(await stored(raw), 'v3-json');
    expect(bytes.toString()).toMatch(/12345678901234567890[\s\S]*1\.0,[\s\S]*1e400/);
  });

  it('row 9: edits are written into the card that is kept', async () => {
    const kept = await stored(v3({ extensions: { a: 1 } }), { supporterStatement: 'New.', shortName: 'M' });
    expect(await cardIn(kept, 'v3-json')).toMatchObject({
      data: { description: 'New.', nickname: 'M', personality: 'Calm', extensions: { a: 1 } },
    });
    const one = await stored(
      { name: 'Tom', description: 'A cook', first_mes: 'Hi', avatar: 'none' },
      { greeting: 'Ho' },
    );
    expect(await cardIn(one, 'v3-json')).toMatchObject({
      data: { description: 'A cook', first_mes: 'Ho', avatar: 'none' },
    });
    const twice = { ...v2(), name: 'Mia', first_mes: 'Hello' };
    expect(await cardIn(await stored(twice, { greeting: 'Ho' }), 'v2-json')).toMatchObject({
      first_mes: 'Ho',
      data: { first_mes: 'Ho' },
    });
  });

  it('row 11: a lorebook in SillyTavern’s shape goes out in that of the specification', async () => {
    const character_book = {
      entries: { 0: { key: ['a'], keysecondary: 'b, c', content: 'x', disable: true, order: 7 } },
    };
    const card = three.parse(await cardIn(await stored(v3({ character_book })), 'v3-json'));
    expect(card.data.character_book?.entries).toMatchObject([
      { keys: ['a'], secondary_keys: ['b', 'c'], enabled: false, insertion_order: 7 },
    ]);
  });

  it('row 10: one chunk of each card, whatever was there', async () => {
    const file = png(
      chunk.zTXt('ccv3', base64(v3())),
      chunk.iTXt('chara', base64(v2())),
      chunk.tEXt('Software', 'kept'),
    );
    const bytes = await exported(await stored(file), 'v3-png');
    expect(cardTextsOf(bytes).map(({ keyword }) => keyword)).toEqual(['ccv3', 'chara']);
    expect(bytes.indexOf('chara\0')).toBeLessThan(bytes.indexOf('ccv3\0'));
    expect(bytes.includes('Software')).toBe(true);
  });

  it('row 5: letters and emoji of every script, both ways', async () => {
    const name = 'Þóra 🦊 雪';
    const again = await read(await exported(await stored(v3({ name })), 'v3-png'));
    expect(again.character.name).toBe(name);
  });

  it('a chara beside a ccv3 says in its notes what it is, and has no decorators', async () => {
    const book = {
      extensions: {},
      entries: [
        {
          keys: ['a'],
          content: '@@depth 1\nBees.',
          extensions: {},
          enabled: true,
          insertion_order: 1,
          use_regex: true,
        },
      ],
    };
    const bytes = await exported(await stored(v3({ character_book: book, nickname: 'M' })), 'v3-png');
    const old = cardTextsOf(bytes).find(({ keyword }) => keyword === 'chara')?.text ?? '';
    const card = two.parse(JSON.parse(Buffer.from(old, 'base64').toString()));
    expect(card.data.creator_notes).toContain('Character Card V3');
    expect(card.data.character_book?.entries[0]?.content).toBe('Bees.');
  });

  it('pictures and files go with the card from one form to the next', async () => {
    const assets = [
      { type: 'icon', uri: 'embeded://assets/icon/images/a.png', name: 'main', ext: 'png' },
      { type: 'emotion', uri: 'embeded://assets/emotion/images/joy.png', name: 'joy', ext: 'PNG' },
    ];
    const zip = await writeZip(
      new Map([
        ['card.json', Buffer.from(JSON.stringify(v3({ assets })))],
        ['assets/icon/images/a.png', png()],
        ['assets/emotion/images/joy.png', png(chunk.tEXt('a', 'joy'))],
        ['module.risum', Buffer.from('kept')],
      ]),
    );
    const kept = await stored(zip);
    const again = await readZip(await exported(kept, 'charx'));
    expect([...again.keys()].sort()).toEqual([
      'assets/emotion/images/joy.png',
      'assets/icon/images/a.png',
      'card.json',
      'module.risum',
    ]);
    const through = await stored(await exported(kept, 'v3-png'));
    expect(through.files.get('assets/emotion/images/joy.png')?.includes('joy')).toBe(true);
    const back = await readZip(await exported(through, 'charx'));
    expect(back.get('module.risum')?.toString()).toBe('kept');
    const json = await cardIn(kept, 'v3-json');
    expect(JSON.stringify(json)).toContain('data:image/png;base64,');
  });

  it('several icons have one main; what is of the wrong type is mended', async () => {
    const icon = { type: 'icon', uri: 'ccdefault:', ext: '.PNG' };
    const kept = await stored(
      v3({ assets: [icon, { ...icon, name: 'x' }], alternate_greetings: 'hi', character_book: null }),
    );
    const card = three.parse(await cardIn(kept, 'v3-json'));
    expect(card.data.assets?.filter(({ name }) => name === 'main')).toHaveLength(1);
    expect(card.data.alternate_greetings).toEqual(['hi']);
  });
});

describe('what is kept', () => {
  it('row 7: another of the same name gets an id of its own; one is replaced where that is asked for', async () => {
    const own = new ImportedCharacters(join(folder, 'same'));
    const mia = await read(v3());
    const ids: string[] = [];
    for (let n = 0; n < 2; n += 1)
      ids.push((await own.add(mia, { owner: null, taken: (id) => id === 'mia' })).character.id);
    expect(ids).toEqual(['mia-2', 'mia-3']);
    const other = await read(v3({ name: 'Lea' }));
    expect((await own.add(other, { owner: null, replace: 'mia-3' })).character).toMatchObject({
      id: 'mia-3',
      name: 'Lea',
    });
    expect(own.all().map(({ character }) => character.id)).toEqual(['mia-2', 'mia-3']);
    await expect(own.add(other, { owner: null, replace: 'nobody' })).rejects.toThrow(/No imported character/);
    expect(own.remove('mia-2')).toBe(true);
    expect(own.remove('../mia-3')).toBe(false);
    expect(own.all()).toHaveLength(1);
  });

  it('what belongs to a person has an id that nobody guesses', async () => {
    const own = new ImportedCharacters(join(folder, 'own'));
    const stored = await own.add(await read(v3()), { owner: 'discord:ada' });
    expect(stored.character.id).toMatch(/^mia-[0-9a-f]{18}$/);
    expect(new ImportedCharacters(join(folder, 'own')).all()).toMatchObject([{ owner: 'discord:ada' }]);
  });

  it('every format is one of those that are promised', () => {
    expect(exportFormats).toEqual(['v1-json', 'v2-json', 'v3-json', 'v2-png', 'v3-png', 'charx', 'yaml']);
  });
});
