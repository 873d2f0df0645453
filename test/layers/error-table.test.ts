import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable, isRapportError, RapportError } from '../../config/errors.js';
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
    expect(RapportError.from({ code: 'RAPPORT_E_CHARACTER_UNKNOWN', details: {} }).message).toContain('{id}');
  });

  it('takes the details that its message has places for, and no others', () => {
    // @ts-expect-error the message names the character
    void new RapportError('RAPPORT_E_CHARACTER_UNKNOWN');
    // @ts-expect-error there is no place for a name
    void new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: 'x', name: 'X' });
    // @ts-expect-error the cure names the command
    void new RapportError('RAPPORT_E_USAGE', { reason: 'x' });
    const refused: unknown = new RapportError('RAPPORT_E_DELIVERY_FAILED', {
      platform: 'slack',
      reason: 'x',
      permanent: true,
    });
    const permanent = isRapportError(refused, 'RAPPORT_E_DELIVERY_FAILED') && refused.details.permanent;
    expect(permanent).toBe(true);
  });

  it('keeps code, details and message as plain data', () => {
    const error = new RapportError('RAPPORT_E_MODEL_FILE', { file: 'a.onnx', reason: 'it is cut short' });
    expect(RapportError.from(structuredClone(error.portable))).toMatchObject({
      code: 'RAPPORT_E_MODEL_FILE',
      details: { file: 'a.onnx', reason: 'it is cut short' },
      message: error.message,
    });
  });
});
