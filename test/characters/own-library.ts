import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bankWith, type CharacterBank } from '../../characters/bank.js';
import { ImportedCharacters } from '../../characters/imported.js';

/** A place for imported characters of its own, and the bank with them. */
export function ownLibrary(bank: CharacterBank): {
  readonly services: { readonly library: ImportedCharacters; readonly bank: CharacterBank };
  readonly library: ImportedCharacters;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-own-'));
  const library = new ImportedCharacters(join(folder, 'characters'));
  return {
    library,
    services: { library, bank: bankWith(bank, library, false) },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
