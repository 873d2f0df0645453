import { stringify } from 'yaml';
import { facePng } from '../faces/face-png.js';
import { type Character, characterSchema } from '../schema.js';
import { assetsFor, pictureOf } from './assets.js';
import { conforming } from './conform.js';
import { isFields } from './fields.js';
import { type CardVersion, dataOf } from './from-card.js';
import { characterOfCard, type ImportedCharacter } from './import.js';
import { plainValues, readJson, writeJson } from './json-text.js';
import { pngWith } from './png.js';
import { newCardData, sayingsOf } from './to-card.js';
import { writeZip } from './zip.js';

type Fields = Readonly<Record<string, unknown>>;

export const exportFormats = ['v1-json', 'v2-json', 'v3-json', 'v2-png', 'v3-png', 'charx', 'yaml'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A character with what came with it; nothing of a file for one of the bank. */
export type KeptCharacter = Omit<ImportedCharacter, 'warnings'>;

export interface Exported {
  readonly bytes: Buffer;
  /** What the format has no room for. */
  readonly warnings: readonly string[];
}

const sixTexts = ['name', 'description', 'personality', 'scenario', 'first_mes', 'mes_example'] as const;
const backfilled =
  'This character card is Character Card V3, but it is loaded as a Character Card V2. Please use an application that reads Character Card V3 to use it properly.';

/**
 * A character as a file. A card that was imported is written as it came, but for what was changed since.
 * @param at ms since the epoch, for the date of modification.
 */
export async function exportCharacter(
  kept: KeptCharacter,
  format: ExportFormat,
  at: number,
): Promise<Exported> {
  const { character } = kept;
  const warnings: string[] = [];
  if (format === 'yaml')
    return { bytes: Buffer.from(stringify(shortened(character), { lineWidth: 100 })), warnings };
  const record = recordOf(kept);
  const data = dataOf(record, record.spec ? 'v3' : 'v1');
  const json = (value: Fields): Buffer => Buffer.from(`${writeJson(value, 2)}\n`);
  const lost = (): void => {
    if (kept.files.size > 0 || isFields(data.assets))
      warnings.push('its further pictures and files are not in it');
  };
  if (format === 'v1-json') {
    lost();
    const read = conforming(data, 'v2');
    return { bytes: json(Object.fromEntries(sixTexts.map((key) => [key, read[key]]))), warnings };
  }
  const two = { ...record, spec: 'chara_card_v2', spec_version: '2.0', data: conforming(data, 'v2') };
  if (format === 'v2-json') {
    lost();
    return { bytes: json(two), warnings };
  }
  const picture = pictureOf(kept, data) ?? facePng(character);
  if (format === 'v2-png') {
    lost();
    return { bytes: pngWith(picture, [{ keyword: 'chara', text: base64(two) }]), warnings };
  }
  const { assets, files } = assetsFor(format, kept, data, picture);
  const three = {
    ...record,
    spec: 'chara_card_v3',
    spec_version: '3.0',
    data: {
      ...conforming({ ...data, ...(assets && { assets }) }, 'v3'),
      modification_date: Math.floor(at / 1_000),
    },
  };
  if (format === 'v3-json') return { bytes: json(three), warnings };
  if (format === 'charx')
    return { bytes: await writeZip(new Map([['card.json', json(three)], ...files])), warnings };
  const notes = [two.data.creator_notes, backfilled].filter(Boolean).join('\n\n');
  const old = { ...two, data: { ...two.data, creator_notes: notes } };
  const beside = [...files].map(([path, file]) => ({
    keyword: `chara-ext-asset_:${path}`,
    text: file.toString('base64'),
  }));
  const texts = [
    { keyword: 'chara', text: base64(old) },
    { keyword: 'ccv3', text: base64(three) },
  ];
  return { bytes: pngWith(picture, [...texts, ...beside]), warnings };
}

/** The whole card, edits written into it; one of our own for a character that has none. */
function recordOf({ character, card }: KeptCharacter): Fields {
  if (!card) return { spec: 'chara_card_v3', spec_version: '3.0', data: newCardData(character) };
  const raw = readJson(card.text) as Fields;
  const before = characterOfCard(plainValues(raw) as Fields, card.version, () => undefined);
  const [then, now] = [sayingsOf(before), sayingsOf(character)];
  const edits = Object.fromEntries(
    Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(then[key])),
  );
  const data = {
    ...dataOf(raw, card.version),
    ...edits,
    ...ownExtension(raw, card.version, before, character),
  };
  if (card.version === 'v1') return data;
  // Some programs write the texts of V1 beside the data of V2.
  const repeated = Object.entries(edits).filter(([key]) => key in raw && key !== 'data');
  return 'data' in raw ? { ...raw, ...Object.fromEntries(repeated), data } : { spec: raw.spec, data };
}

/** What a character says beyond its card, where somebody has written that into it since. */
function ownExtension(raw: Fields, version: CardVersion, before: Character, now: Character): Fields {
  const beyond = ({ persona, memory, selfAnswers, attributes, scene, profile }: Character): string =>
    JSON.stringify([persona, memory, selfAnswers, attributes, scene, profile]);
  if (beyond(before) === beyond(now)) return {};
  const { extensions } = newCardData(now);
  const given = dataOf(raw, version).extensions;
  return { extensions: { ...(isFields(given) ? given : {}), ...(isFields(extensions) ? extensions : {}) } };
}

function base64(value: Fields): string {
  return Buffer.from(writeJson(value)).toString('base64');
}

/** Without what is as usual. */
function shortened(character: Character): Fields {
  const usual: Fields = characterSchema.parse({ id: 'x', name: 'x', supporterStatement: 'x' });
  return Object.fromEntries(
    Object.entries(character).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(usual[key])),
  );
}
