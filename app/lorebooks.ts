import { readFileSync } from 'node:fs';
import type { Lorebook } from '../characters/lorebook.js';
import { RapportError, reasonOf } from '../config/errors.js';
import type { Say } from '../config/locale.js';
import { resolvePath } from '../config/root.js';
import type { Config } from '../config/schema.js';
import { readLorebook } from '../src/commands/lorebook.js';

/** The lorebooks of communities (`memory.lorebooks`). @throws RapportError RAPPORT_E_FILE_UNREADABLE naming the file that cannot be used. */
export function loadLorebooks(
  { lorebooks }: Pick<Config['memory'], 'lorebooks'>,
  say: Say,
): ReadonlyMap<string, Lorebook> {
  return new Map(
    Object.entries(lorebooks).map(([community, path]) => {
      const file = resolvePath(path);
      try {
        return [community, readLorebook(readFileSync(file, 'utf8'), say)];
      } catch (error) {
        throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(error) }, error);
      }
    }),
  );
}
