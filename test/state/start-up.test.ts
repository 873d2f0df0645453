import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { openEmbeddedStore } from '../../state/embedded/embedded-store.js';
import { openRedisStore } from '../../state/redis/redis-store.js';

describe('words at the start (issue 14, E.4)', () => {
  it('a damaged state file is named as what it is', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'rapport-damaged-'));
    writeFileSync(join(dataDir, 'rapport.db'), 'this is no database at all, '.repeat(400));
    const error = await openEmbeddedStore({ dataDir, clock: systemClock }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'RAPPORT_E_STORE_DAMAGED' });
    expect(String((error as { cure: string }).cure)).not.toContain('REDIS_URL');
    rmSync(dataDir, { recursive: true });
  });

  it.each([
    ['below a file', 'file/state'],
    ['where no folder can be made', '/proc/rapport/state'],
  ])('a data folder that cannot be used is named: %s', async (_, place) => {
    const above = mkdtempSync(join(tmpdir(), 'rapport-place-'));
    writeFileSync(join(above, 'file'), '');
    const dataDir = resolve(above, place);
    const error = await openEmbeddedStore({ dataDir, clock: systemClock }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'RAPPORT_E_STORE_UNAVAILABLE',
      message: expect.stringContaining(dataDir),
      cure: expect.stringContaining('RAPPORT_DATA_DIR'),
    });
    rmSync(above, { recursive: true });
  });

  it.each(['http://localhost:6379', 'https://user:secret@redis', 'redis://a:1,http://b:1'])(
    'REDIS_URL=%s is no socket, and its secrets are not told',
    async (url) => {
      const error = await openRedisStore({ url, clock: systemClock }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'RAPPORT_E_STORE_ADDRESS' });
      expect(String(error)).not.toContain('secret');
    },
  );
});
