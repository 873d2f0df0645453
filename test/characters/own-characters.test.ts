import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCharacters } from '../../characters/cards/import.js';
import { cardLimits } from '../../characters/cards/limits.js';
import { readApart } from '../../characters/cards/read-apart.js';
import { bringCharacter } from '../../src/commands/own-characters.js';
import { erasePerson, exportPerson } from '../../src/commands/privacy.js';
import { type CommandSetting, openSetting } from '../commands/setting.js';
import { ada, bank } from '../session/world.js';
import { base64, chunk, png, read, v3 } from './cards/make.js';
import { ownLibrary } from './own-library.js';

const json = (card: unknown): Buffer => Buffer.from(JSON.stringify(card));
const mia = { name: 'mia.json', bytes: json(v3()) };
const bringing = { place: 'page' as const, person: ada };

let own: ReturnType<typeof ownLibrary>;
let setting: CommandSetting;
let services: CommandSetting['services'] & ReturnType<typeof ownLibrary>['services'];
beforeEach(async () => {
  own = ownLibrary(bank);
  setting = await openSetting();
  const { config } = setting.services;
  const imports = { ...config.characters.imports, page: 'own' as const, perPerson: 2 };
  services = {
    ...setting.services,
    ...own.services,
    config: { ...config, characters: { ...config.characters, imports } },
  };
});
afterEach(async () => {
  await setting.dispose();
  own.remove();
});

describe("a person's own characters", () => {
  it('are found damaged and unfinished too, to be exported and erased (cards 2.5)', async () => {
    const { folder } = own.library;
    const { character } = await bringCharacter(services, bringing, mia);
    const { id: damaged } = (await own.library.add(await read(v3({ name: 'Ben' })), { owner: ada }))
      .character;
    writeFileSync(join(folder, damaged, 'character.json'), '{"name": "Ben", "gree');
    mkdirSync(join(folder, '.cut-off.0a'));
    writeFileSync(
      join(folder, '.cut-off.0a', 'about.json'),
      JSON.stringify({ owner: ada, version: 'v3', files: [] }),
    );
    const others = (await own.library.add(await read(v3()), { owner: 'web:ben' })).character.id;
    const { characters } = JSON.parse((await exportPerson(services, ada)).json.text) as {
      characters: { id: string; character: unknown; card: string | null }[];
    };
    expect(characters.map(({ id }) => id).toSorted()).toEqual(
      ['.cut-off.0a', character.id, damaged].toSorted(),
    );
    const byId = new Map(characters.map((one) => [one.id, one]));
    expect(byId.get(character.id)).toMatchObject({ character: { name: 'Mia' }, card: mia.bytes.toString() });
    expect(byId.get(damaged)).toMatchObject({ character: '{"name": "Ben", "gree' });
    await erasePerson(services, ada);
    expect(readdirSync(folder)).toEqual([others]);
    expect(own.library.ownedBy(ada)).toEqual([]);
  });

  it('are named in an export, and left out of it, where they are too long', async () => {
    const long = {
      spec: 'chara_card_v3',
      data: { name: 'Mia', extensions: { a: 'x'.repeat(3 * 1_048_576) } },
    };
    for (let n = 0; n < 2; n += 1) await own.library.add(await read(long), { owner: ada });
    const told = own.library.everythingOf(ada, 4 * 1_048_576);
    expect(told.filter(({ card }) => card !== null)).toHaveLength(1);
    expect(told.every(({ files }) => (files['card.json'] ?? 0) > 3 * 1_048_576)).toBe(true);
    expect(own.library.everythingOf(ada, Number.POSITIVE_INFINITY).every(({ card }) => card)).toBe(true);
  });

  it('are no more than they may be, also where many come at once (cards 2.6)', async () => {
    const brought = await Promise.allSettled(
      Array.from({ length: 3 }, () => bringCharacter(services, bringing, mia)),
    );
    expect(brought.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(brought.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'RAPPORT_E_CARD_TOO_MANY' },
    });
    expect(own.library.ownedBy(ada)).toHaveLength(2);
  });

  it('show the icon beside their card', async () => {
    const icon = png(chunk.tEXt('a', 'icon'));
    const uri = `data:image/png;base64,${icon.toString('base64')}`;
    const assets = [{ type: 'icon', name: 'main', ext: 'png', uri }];
    const inside = png(chunk.tEXt('ccv3', base64(v3({ assets }))));
    const { character } = await own.library.add(await read(inside), { owner: ada });
    expect(own.library.picture(character.id)).toEqual(icon);
    expect(own.library.kept(character.id)?.picture).toEqual(inside);
    const bytes = png(chunk.tEXt('ccv3', base64(v3())));
    const plain = await own.library.add(await read(bytes), { owner: ada });
    expect(own.library.picture(plain.character.id)).toEqual(bytes);
  });
});

describe('a file that takes long to read (cards 2.7)', () => {
  const keys = Array.from({ length: 100_000 }, (_, n) => `"k${n}":1.0`).join(',');
  const hostile = Buffer.from(`{"spec":"chara_card_v3","data":{"name":"x","description":"y",${keys}}}`);

  it('holds up nobody else', async () => {
    const started = performance.now();
    const direct = await readCharacters(hostile, false);
    const alone = performance.now() - started;
    let longest = 0;
    let done = false;
    const reading = readApart(hostile).finally(() => {
      done = true;
    });
    for (let last = performance.now(); !done; last = performance.now()) {
      await turnOfTheLoop();
      longest = Math.max(longest, performance.now() - last);
    }
    expect(await reading).toEqual({ first: direct[0], others: 0 });
    expect(longest).toBeLessThan(Math.max(100, alone / 2));
  });

  it('is refused as it would be otherwise', async () => {
    const deep = Buffer.from(`{"a":${'['.repeat(200)}${']'.repeat(200)}}`);
    await expect(readApart(deep)).rejects.toMatchObject({ kind: 'large', name: 'CardRefused' });
    await expect(readApart(Buffer.from('hm'))).rejects.toMatchObject({ kind: 'none' });
    await expect(bringCharacter(services, bringing, { name: 'a', bytes: deep })).rejects.toMatchObject({
      code: 'RAPPORT_E_CARD_TOO_LARGE',
    });
  });

  it('of a lorebook as much is played as there is room for; all of it is kept', async () => {
    const entries = Array.from({ length: 1_500 }, (_, n) => ({
      keys: [`k${n}`],
      content: 'c'.repeat(1_000),
    }));
    const card = v3({ character_book: { entries, extensions: { a: 'x'.repeat(2 * cardLimits.bookUnits) } } });
    const { character, card: kept, warnings } = await read(card);
    expect(JSON.stringify(character.lorebook).length).toBeLessThan(1.5 * cardLimits.bookUnits);
    expect(character.lorebook?.entries.length).toBeGreaterThan(900);
    expect(kept?.text).toContain('k1499');
    expect(warnings.join()).toContain('all of it is kept');
  });
});
