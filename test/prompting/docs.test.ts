import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../config/root.js';
import { promptFormatNames, promptFormats } from '../../src/prompting/prompt-formats.js';
import { readSession, sessionFileSchema } from '../../src/prompting/session-file.js';
import { ilka } from './fixture.js';

const page = (name: string) => readFileSync(join(packageRoot, 'docs', name), 'utf8');

describe('documentation', () => {
  it('shows session files that are valid', () => {
    const examples = [...page('session-file.md').matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) =>
      JSON.parse(json ?? ''),
    );
    expect(examples).toHaveLength(2);
    for (const example of examples)
      expect(readSession(example, { lookup: () => ilka, strategies: [] }).input.turns).toEqual(
        expect.any(Array),
      );
  });

  it('lists every key of the session file', () => {
    const keys = [...page('session-file.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    expect(keys.sort()).toEqual(Object.keys(sessionFileSchema.shape).sort());
  });

  it('states the decoding defaults and stop strings of every format', () => {
    const row = (name: string) =>
      page('prompt-formats.md')
        .split('\n')
        .find((line) => line.startsWith(`| ${name}`))
        ?.replaceAll('\\|', '¦')
        .split('|')
        .slice(2, -1) ?? [];
    expect(row('temperature').map((cell) => cell.trim())).toEqual(
      promptFormatNames.map((name) => {
        const { temperature, top_p, top_k } = promptFormats[name].sampling;
        return `${temperature} / ${top_p} / ${top_k ?? '–'}`;
      }),
    );
    expect(row('max_tokens').map(Number)).toEqual(
      promptFormatNames.map((name) => promptFormats[name].sampling.max_tokens),
    );
    expect(
      row('stop').map(
        (cell) => cell.match(/`[^`]+`/g)?.map((tag) => tag.slice(1, -1).replaceAll('¦', '|')) ?? [],
      ),
    ).toEqual(promptFormatNames.map((name) => promptFormats[name].stop));
  });
});
