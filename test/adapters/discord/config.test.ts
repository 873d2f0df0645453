import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../app/settings.js';

const folder = mkdtempSync(join(tmpdir(), 'rapport-discord-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const shards = (DISCORD_SHARDS: string) => loadConfig({ DISCORD_SHARDS }, folder).config.discord.shards;

describe('the discord block of the configuration', () => {
  it.each([
    ['auto', 'auto'],
    ['4', 4],
    ['0-3/8', '0-3/8'],
    ['0,2,5-6/8', '0,2,5-6/8'],
  ])('takes DISCORD_SHARDS=%s', (value, read) => {
    expect(shards(value)).toBe(read);
  });

  it.each(['some', '0', '-1', '3-/8', '/8'])('refuses DISCORD_SHARDS=%s', (value) => {
    expect(() => shards(value)).toThrow(/discord\.shards/);
  });

  it('refuses edits faster than Discord takes them', () => {
    const file = join(folder, 'fast.yaml');
    writeFileSync(file, 'discord: { editIntervalMs: 300 }\n');
    expect(() => loadConfig({ RAPPORT_CONFIG: file }, folder)).toThrow(/discord\.editIntervalMs/);
  });
});
