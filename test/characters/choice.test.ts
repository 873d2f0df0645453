import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBank } from '../../characters/bank.js';
import { bankFor } from '../../characters/choice.js';
import { ImportedCharacters } from '../../characters/imported.js';
import { characterSchema } from '../../characters/schema.js';
import { namedCharacter } from '../../src/commands/characters.js';
import { read, v3 } from './cards/make.js';
import { ownLibrary } from './own-library.js';

const ada = characterSchema.parse({ id: 'ada', name: 'Ada', supporterStatement: 'You are Ada.' });

describe('the bank with what was imported', () => {
  let own: ReturnType<typeof ownLibrary>;
  beforeEach(() => {
    own = ownLibrary(createBank([ada]));
  });
  afterEach(() => own.remove());
  const ids = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id);

  it('shows what everybody may choose at once, and what is somebody’s own to them alone', async () => {
    const { library, services } = own;
    const { bank } = services;
    expect(bank.all).toBe(bank.all);
    const mia = await read(v3());
    await library.add(mia, { owner: null });
    const { id } = (await library.add(mia, { owner: 'web:a' })).character;
    expect(ids(bank.all)).toEqual(['ada', 'mia']);
    expect(ids(bank.search('mia'))).toEqual(['mia']);
    expect(bank.ownerOf(id)).toBe('web:a');
    const [hers, his] = [bankFor(bank, 'web:a'), bankFor(bank, 'web:b')];
    expect(ids(hers.search('mia'))).toEqual([id, 'mia']);
    expect(hers.get(id)?.name).toBe('Mia');
    expect(his.get(id)).toBeUndefined();
    expect(his.all).toBe(bank.all);
    // Who ranks characters keeps what it knows of a list by the list.
    expect(hers.all).toBe(bank.all);
    expect(namedCharacter({ bank: hers }, 'Mia')).toBeDefined();
    library.remove(id);
    expect(ids(bankFor(bank, 'web:a').search('mia'))).toEqual(['mia']);
  });

  it('plays nobody whose tags say that they are for adults, unless the operator lets it', async () => {
    await own.library.add(await read(v3({ tags: ['R-18'] })), { owner: null });
    expect(ids(own.services.bank.all)).toEqual(['ada']);
    expect(own.services.bank.get('mia')).toBeUndefined();
  });

  it('what cannot be read is left out and named', async () => {
    await own.library.add(await read(v3()), { owner: null });
    writeFileSync(join(own.library.folder, 'mia', 'character.json'), '{');
    expect(new ImportedCharacters(own.library.folder).problems).toHaveLength(1);
  });
});
