import { deflateSync } from 'node:zlib';
import { type ImportedCharacter, readCharacters } from '../../../characters/cards/import.js';
import { pngOf } from '../../../characters/cards/png.js';

/** A PNG of one pixel with chunks in front of its end. */
export function png(...chunks: readonly { readonly type: string; readonly data: Buffer }[]): Buffer {
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  return pngOf([
    { type: 'IHDR', data: head },
    { type: 'IDAT', data: deflateSync(Buffer.from([0, 9, 9, 9])) },
    ...chunks,
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

export const chunk = {
  tEXt: (keyword: string, text: string) => ({
    type: 'tEXt',
    data: Buffer.from(`${keyword}\0${text}`, 'latin1'),
  }),
  zTXt: (keyword: string, text: string) => ({
    type: 'zTXt',
    data: Buffer.concat([Buffer.from(`${keyword}\0\0`, 'latin1'), deflateSync(Buffer.from(text, 'latin1'))]),
  }),
  iTXt: (keyword: string, text: string, packed = false) => ({
    type: 'iTXt',
    data: Buffer.concat([
      Buffer.from(`${keyword}\0${packed ? '\x01' : '\0'}\0\0\0`, 'latin1'),
      packed ? deflateSync(Buffer.from(text)) : Buffer.from(text),
    ]),
  }),
};

export const base64 = (card: unknown): string => Buffer.from(JSON.stringify(card)).toString('base64');

/** A card of V3 with every field that it must have. */
export function v3(data: object = {}): Record<string, unknown> {
  return {
    spec: 'chara_card_v3',
    spec_version: '3.0',
    data: {
      name: 'Mia',
      description: '{{char}} keeps bees. She likes {{user}}.',
      personality: 'Calm',
      scenario: 'An allotment',
      first_mes: 'Hello {{user}}, I am {{char}}.',
      mes_example: '<START>\n{{user}}: hi\n{{char}}: hello',
      creator_notes: '',
      system_prompt: '',
      post_history_instructions: '',
      alternate_greetings: [],
      group_only_greetings: [],
      tags: [],
      creator: 'somebody',
      character_version: '1',
      extensions: {},
      ...data,
    },
  };
}

export function v2(data: object = {}): Record<string, unknown> {
  const { group_only_greetings: _, ...rest } = v3(data).data as Record<string, unknown>;
  return { spec: 'chara_card_v2', spec_version: '2.0', data: rest };
}

export async function read(file: unknown, trusted = false): Promise<ImportedCharacter> {
  const bytes = Buffer.isBuffer(file)
    ? file
    : Buffer.from(typeof file === 'string' ? file : JSON.stringify(file));
  const [first] = await readCharacters(bytes, trusted);
  if (!first) throw new Error('nothing was read');
  return first;
}
