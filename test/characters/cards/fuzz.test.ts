import { describe, expect, it } from 'vitest';
import { exportCharacter } from '../../../characters/cards/export.js';
import { type ImportedCharacter, readCharacters } from '../../../characters/cards/import.js';
import { CardRefused } from '../../../characters/cards/refused.js';
import { readZip, writeZip } from '../../../characters/cards/zip.js';
import { asPlayed } from '../../../characters/played.js';
import { base64, chunk, png, v2, v3 } from './make.js';

/** By hand: `RAPPORT_FUZZ=100000 npx vitest run test/characters/cards/fuzz.test.ts`. */
const rounds = Number(process.env.RAPPORT_FUZZ ?? 400);
/** Of a file of a few kilobytes; several times that where other suites keep the machine busy. */
const oneMs = Number(process.env.RAPPORT_FUZZ_MS ?? 1_000);

/** Xorshift: the same mutations for the same seed. */
function chances(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const book = {
  entries: [
    {
      keys: ['a', '/b+/i'],
      content: '@@depth 1\n{{random:a,b}}',
      extensions: {},
      enabled: true,
      insertion_order: 1,
    },
  ],
  extensions: {},
};
const assets = [{ type: 'icon', uri: 'embeded://assets/icon/images/a.png', name: 'main', ext: 'png' }];
const tokens = [
  'null',
  '[]',
  '{}',
  '""',
  '-1',
  '1e999',
  '\\u0000',
  '../',
  '..\\\\',
  '__proto__',
  '{{',
  '}}',
  '\u0000',
  '\uD800',
  '[[[[[[[[',
  '{"a":',
  'PK\x05\x06',
  '&a',
  '*a',
  '!!js',
  ': ',
  '- ',
];

async function seeds(): Promise<Buffer[]> {
  const card = v3({ character_book: book, assets, nickname: 'M', alternate_greetings: ['x'] });
  const own = 'id: x\nname: X\nsupporterStatement: You are X.\nmemory:\n  hobby: You paint.\ntags: [a, b]\n';
  return [
    Buffer.from(JSON.stringify(card)),
    Buffer.from(JSON.stringify(v2({ character_book: book }))),
    Buffer.from(
      JSON.stringify({
        name: 'T',
        description: 'd',
        first_mes: 'f',
        mes_example: '',
        scenario: '',
        personality: '',
      }),
    ),
    Buffer.from(
      `${JSON.stringify({ name: 'A', profile_trans: { hobby: 'h' } })}\n${JSON.stringify({ name: 'B', profile: {} })}\n`,
    ),
    Buffer.from(own),
    png(
      chunk.tEXt('ccv3', base64(card)),
      chunk.zTXt('chara', base64(v2())),
      chunk.tEXt('chara-ext-asset_:a/b.png', 'AAAA'),
    ),
    png(chunk.iTXt('chara', base64(v2()), true)),
    await writeZip(
      new Map([
        ['card.json', Buffer.from(JSON.stringify(card))],
        ['assets/icon/images/a.png', png()],
      ]),
    ),
  ];
}

function mutated(file: Buffer, draw: (below: number) => number, others: readonly Buffer[]): Buffer {
  let bytes = Buffer.from(file);
  for (let times = 1 + draw(4); times > 0; times -= 1) {
    const at = draw(Math.max(1, bytes.length));
    const length = draw(40);
    const kind = draw(7);
    if (kind === 0) bytes[at] = draw(256);
    else if (kind === 1) bytes = bytes.subarray(0, at);
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    else if (kind === 4)
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(tokens[draw(tokens.length)] ?? ''),
        bytes.subarray(at),
      ]);
    else if (kind === 5)
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        (others[draw(others.length)] ?? bytes).subarray(draw(400)),
      ]);
    else if (at + 4 <= bytes.length) bytes.writeUInt32BE(draw(2) === 0 ? 0xffffffff : draw(100_000), at);
  }
  return bytes;
}

describe('mutated files', () => {
  it(
    'end soon, as characters or refused in words, and name no path outside',
    async () => {
      const all = await seeds();
      let read = 0;
      let slowest = 0;
      const slow: string[] = [];
      const only = process.env.RAPPORT_FUZZ_ONLY?.split(',').map(Number);
      for (let round = 1; round <= rounds; round += 1) {
        if (only && !only.includes(round)) continue;
        const draw = chances(round);
        const file = mutated(all[draw(all.length)] ?? Buffer.alloc(0), draw, all);
        const startedAt = performance.now();
        let found: readonly ImportedCharacter[] = [];
        try {
          found = await readCharacters(file, draw(2) === 0);
        } catch (error) {
          if (!(error instanceof CardRefused)) throw new Error(`round ${round}`, { cause: error });
          expect(error.about('x').message).not.toMatch(/undefined|\[object/);
        }
        const took = performance.now() - startedAt;
        if (took > 50 && process.env.RAPPORT_FUZZ) slow.push(`${round}: ${Math.round(took)} ms`);
        slowest = Math.max(slowest, took);
        expect(performance.now() - startedAt, `round ${round}`).toBeLessThan(oneMs);
        for (const one of found.slice(0, 2)) {
          read += 1;
          expect(one.character.id).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
          asPlayed(one.character, { user: 'Jo', seed: 's' });
          if (round % 10 > 0) continue;
          const { bytes } = await exportCharacter(one, 'charx', 0);
          for (const path of (await readZip(bytes)).keys())
            expect(path).not.toMatch(/(^|\/)\.\.(\/|$)|^\/|\\|\0/);
          await exportCharacter(one, 'v2-json', 0);
        }
      }
      expect(read).toBeGreaterThan(only ? -1 : rounds / 20);
      if (process.env.RAPPORT_FUZZ)
        process.stdout.write(
          `${rounds} files, ${read} characters, slowest ${Math.round(slowest)} ms; ${slow.join(', ')}\n`,
        );
    },
    rounds * 100,
  );
});
