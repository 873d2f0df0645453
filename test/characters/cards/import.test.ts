import { describe, expect, it } from 'vitest';
import { isForAdults } from '../../../characters/cards/from-card.js';
import { readCharacters, readLorebook } from '../../../characters/cards/import.js';
import { cardLimits } from '../../../characters/cards/limits.js';
import { cardTextsOf } from '../../../characters/cards/png.js';
import { CardRefused } from '../../../characters/cards/refused.js';
import { writeZip } from '../../../characters/cards/zip.js';
import { base64, chunk, png, read, v2, v3 } from './make.js';

describe('what real files hold (outside, part A: import)', () => {
  it.each([
    ['tEXt', png(chunk.tEXt('ccv3', base64(v3())))],
    ['zTXt', png(chunk.zTXt('ccv3', base64(v3())))],
    ['iTXt', png(chunk.iTXt('ccv3', base64(v3())))],
    ['packed iTXt', png(chunk.iTXt('chara', base64(v2()), true))],
    ['a keyword in capitals', png(chunk.tEXt('Chara', base64(v2())))],
    ['JSON', Buffer.from(JSON.stringify(v3()))],
    ['JSON with a mark of order', Buffer.from(`\uFEFF${JSON.stringify(v3())}`)],
  ])('row 1: a card in %s', async (_, file) => {
    expect((await read(file)).character).toMatchObject({ id: 'mia', name: 'Mia', matchable: false });
  });

  it('row 1: what unpacks to too much is refused', async () => {
    await expect(read(png(chunk.zTXt('chara', 'A'.repeat(20_000_000))))).rejects.toMatchObject({
      kind: 'large',
    });
  });

  it('row 2: the keyword decides, and ccv3 comes before chara', async () => {
    const file = png(
      chunk.tEXt('Software', 'x'),
      chunk.tEXt('chara', base64(v2({ name: 'Old' }))),
      chunk.tEXt('ccv3', base64(v3({ name: 'New' }))),
    );
    expect((await read(file)).character.name).toBe('New');
  });

  it('row 2: a ccv3 that is damaged gives way to chara, and that is told', async () => {
    const file = png(chunk.tEXt('ccv3', base64('x').slice(0, 3)), chunk.tEXt('chara', base64(v2())));
    const { character, warnings } = await read(file);
    expect(character.name).toBe('Mia');
    expect(warnings.join()).toContain('ccv3');
  });

  it('row 3: null is as if it were not there, and a text is a list of one', async () => {
    const { character, warnings } = await read(
      v3({ character_book: null, alternate_greetings: 'hi', personality: null }),
    );
    expect(character.card).toMatchObject({ greetings: ['hi'], personality: '' });
    expect(character.lorebook).toBeUndefined();
    expect(warnings.join()).toContain('alternate_greetings is a text');
  });

  it('row 4: what other programs write is never looked at', async () => {
    const { warnings } = await read(v3({ extensions: { z: { depth: '' }, depth_prompt: 7 } }));
    expect(warnings).toEqual([]);
  });

  it('row 5: letters and emoji of every script', async () => {
    const name = 'Þóra 🦊 雪';
    expect((await read(png(chunk.tEXt('chara', base64(v2({ name })))))).character.name).toBe(name);
  });

  it.each([
    ['WebP called PNG', Buffer.from('RIFF\0\0\0\0WEBPVP8 '), /picture \(webp\)/],
    ['a PNG without a card', png(), /picture without a card/],
    ['nothing', Buffer.alloc(0), /no card/],
    ['noise', Buffer.from([1, 2, 255, 254, 0, 9]), /no card/],
    ['a list of nothing', Buffer.from('[]'), /no character/],
    ['a number', Buffer.from('7'), /no card|no character/],
    ['a lorebook', Buffer.from(JSON.stringify({ spec: 'lorebook_v3', data: { entries: [] } })), /lorebook/],
  ])('row 6: %s is refused in words', async (_, file, words) => {
    const refused = await readCharacters(file, true).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CardRefused);
    expect((refused as CardRefused).message).toMatch(words);
    expect((refused as CardRefused).about('x.png').code).toMatch(/^RAPPORT_E_CARD_/);
  });

  it('row 11, 12: a lorebook as a list, as an object of SillyTavern, and as a file of its own', async () => {
    const shapes = [
      { entries: [{ keys: ['a'], content: 'x', enabled: false, insertion_order: 1, extensions: {} }] },
      { entries: { 0: { key: ['a'], content: 'x', disable: true } } },
      { spec: 'lorebook_v3', data: { entries: [{ keys: ['a'], content: 'x', enabled: false }] } },
    ];
    for (const character_book of shapes) {
      const { character } = await read(v3({ character_book }));
      expect(character.lorebook?.entries).toMatchObject([{ keys: ['a'], content: 'x', enabled: false }]);
    }
  });

  it('row 11: a lorebook in a file of its own, in each of its shapes', async () => {
    const entry = { keys: ['a'], content: 'x' };
    const shapes = [
      { spec: 'lorebook_v3', data: { entries: [entry] } },
      { entries: [entry] },
      { entries: { 0: { key: ['a'], content: 'x' } } },
      v3({ character_book: { entries: [entry] } }),
    ];
    for (const shape of shapes) {
      const { lorebook } = await readLorebook(Buffer.from(JSON.stringify(shape)));
      expect(lorebook.entries).toMatchObject([entry]);
    }
    await expect(readLorebook(Buffer.from(JSON.stringify(v3())))).rejects.toBeInstanceOf(CardRefused);
  });

  it('row 23: a zip that unpacks to too much is refused by its real bytes', async () => {
    const spaces = await writeZip(new Map([['card.json', Buffer.alloc(20_000_000, ' ')]]));
    await expect(read(spaces)).rejects.toMatchObject({ kind: 'large' });
    // The size in the header says 10.
    const lying = Buffer.from(spaces);
    lying.writeUInt32LE(10, lying.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    await expect(read(lying)).rejects.toBeInstanceOf(CardRefused);
  });

  it.each([
    ['nested lists', `{"name":"M","first_mes":${'['.repeat(100)}`],
    ['many values', `{"name":"M","first_mes":"x","a":[${'1,'.repeat(200_000)}1]}`],
    ['YAML of many entries', `name: M\nsupporterStatement: y\n${'k: v\n'.repeat(5_000)}`],
    ['YAML of many aliases', `name: M\na: &a [${'x, '.repeat(50)}x]\nb: [${'*a, '.repeat(900)}*a]\nc: y`],
    ['nested YAML', `name: M\na: ${'- '.repeat(1_000)}x`],
  ])('row 23: %s end soon', async (_, text) => {
    const startedAt = performance.now();
    await expect(read(text)).rejects.toBeInstanceOf(CardRefused);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('row 25: markup and scripts stay text, addresses are not kept for showing', async () => {
    const markup = '<style>body{display:none}</style><img src=//x onerror=a()>';
    const { character } = await read(
      v3({ creator_notes: markup, extensions: { regex_scripts: [{ findRegex: '(x+)+y' }] } }),
    );
    expect(character.card?.notes).toBe(markup);
    expect(JSON.stringify(character)).not.toContain('findRegex');
    const own = await read('name: X\nsupporterStatement: You are X.\navatar: https://evil.example/x.png\n');
    expect(own.character.avatar).not.toContain('evil');
  });

  it('row 24: names and paths of a card become no path', async () => {
    const { character } = await read(v3({ name: '..\\a/b' }));
    expect(character.id).toBe('a-b');
    const card = Buffer.from(JSON.stringify(v3()));
    const zip = await writeZip(
      new Map([
        ['card.json', card],
        ['aa/bb/x', Buffer.from('x')],
      ]),
    );
    const evil = Buffer.from(zip.toString('latin1').replaceAll('aa/bb/x', '../../x'), 'latin1');
    await expect(read(evil)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('row 26: tags for adults are told apart in any case; that there are none is no promise', async () => {
    const { character, warnings } = await read(v3({ tags: ['NSFW', 'Cosy'] }));
    expect(character.tags).toEqual(['nsfw', 'cosy']);
    expect(warnings.join()).toContain('for adults');
    expect(isForAdults(['n.s.f.w', 'x'])).toBe(true);
    expect(isForAdults(['cosy', 'ns'])).toBe(false);
  });

  it('a version nobody knows is read, and told', async () => {
    const { character, warnings } = await read({ ...v3(), spec_version: '3.7' });
    expect(character.name).toBe('Mia');
    expect(warnings.join()).toContain('"3.7"');
  });

  it('a card of V1, and a zip that follows something else', async () => {
    const one = {
      name: 'Tom',
      description: 'A cook',
      personality: '',
      scenario: '',
      first_mes: 'Hi',
      mes_example: '',
    };
    expect((await read(one)).character).toMatchObject({
      name: 'Tom',
      supporterStatement: 'A cook',
      greeting: 'Hi',
    });
    const zip = await writeZip(new Map([['card.json', Buffer.from(JSON.stringify(v3()))]]));
    const after = Buffer.concat([Buffer.from('\xff\xd8\xff stub', 'latin1'), zip]);
    expect((await read(after)).character.name).toBe('Mia');
  });

  it('a record of CharacterChat, and a character of our own that a stranger wrote', async () => {
    const record = {
      mbti: 'INFP',
      name: 'Lea',
      profile: { age: 30, tone: 'soft' },
      profile_trans: { hobby: 'You paint.' },
      supporter_statement: 'You are Lea.',
      extra: { kept: 1 },
    };
    expect((await read(record)).character).toMatchObject({
      memory: { hobby: 'You paint.' },
      extra: { kept: 1 },
    });
    const own = 'id: x\nname: X\nsupporterStatement: You are X.\nmodel: { name: dear }\n';
    expect((await read(own, true)).character).toMatchObject({ matchable: true, model: { name: 'dear' } });
    const modest = (await read(own, false)).character;
    expect(modest).toMatchObject({ matchable: false, card: {} });
    expect(modest.model).toBeUndefined();
  });

  it('is refused at once where it is nothing but lines', async () => {
    const started = performance.now();
    await expect(readCharacters(Buffer.from('\n'.repeat(100_000)), false)).rejects.toThrow(CardRefused);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('of a picture with thousands of cards few are read (cards 2.1)', () => {
    const many = (keyword: string, count: number) =>
      Array.from({ length: count }, () => chunk.tEXt(keyword, 'x'.repeat(500)));
    const bytes = png(
      ...many('chara', 16_000),
      ...many('chara-ext-asset_:a', 3_000),
      chunk.tEXt('CCV3', 'y'),
    );
    const texts = cardTextsOf(bytes);
    expect(texts[0]).toEqual({ keyword: 'CCV3', text: 'y' });
    expect(texts.filter(({ keyword }) => keyword === 'chara')).toHaveLength(7);
    expect(texts).toHaveLength(8 + cardLimits.assets);
  });

  it('is refused where many small parts of a picture unpack to too much', async () => {
    const parts = Array.from({ length: 6 }, () => chunk.zTXt('chara', 'A'.repeat(8 * 1_048_576)));
    await expect(readCharacters(png(...parts), false)).rejects.toMatchObject({ kind: 'large' });
  });
});
