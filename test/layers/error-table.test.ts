import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable, RapportError } from '../../config/errors.js';
import { packageRoot } from '../../config/root.js';

const page = readFileSync(join(packageRoot, 'docs/errors.md'), 'utf8');

describe('the error table', () => {
  it.each(Object.entries(errorTable))(
    '%s is documented with its cure and status',
    (code, { cure, status, retryable }) => {
      const section = page.split(/^## /m).find((part) => part.startsWith(`${code}\n`));
      expect(section).toContain(cure);
      expect(section).toContain(`HTTP ${status}`);
      expect(section).toContain(retryable ? 'may help' : 'does not help');
    },
  );

  it('documents nothing that is not in the table', () => {
    const documented = [...page.matchAll(/^## (RAPPORT_E_\w+)$/gm)].map(([, code]) => code);
    expect(documented.toSorted()).toEqual(Object.keys(errorTable).toSorted());
  });

  it('fills the places of a message and keeps unknown ones visible', () => {
    expect(new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: 'x' }).message).toBe(
      'There is no character "x".',
    );
    expect(new RapportError('RAPPORT_E_CHARACTER_UNKNOWN').message).toContain('{id}');
  });
});
