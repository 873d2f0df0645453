import { cardFields, isFields, textFields } from './fields.js';
import type { CardVersion } from './from-card.js';

type Fields = Readonly<Record<string, unknown>>;

/** What V3 has and V2 has not. */
const sinceThree = [
  'nickname',
  'assets',
  'creator_notes_multilingual',
  'source',
  'group_only_greetings',
  'creation_date',
  'modification_date',
];
const required = textFields.filter((key) => key !== 'nickname');
const lists = ['alternate_greetings', 'group_only_greetings', 'tags'] as const;

/** The data of a card with every field of the specification there and of its type; whatever else it holds stays as it is. */
export function conforming(data: Fields, version: Exclude<CardVersion, 'v1'>): Fields {
  const read = cardFields(data, () => undefined);
  const result: Record<string, unknown> = { ...data };
  for (const key of required) if (typeof data[key] !== 'string') result[key] = read[key];
  for (const key of lists) if (!isTexts(data[key])) result[key] = read[key];
  if (!isFields(data.extensions)) result.extensions = {};
  if (isFields(read.character_book) && Array.isArray(entriesOf(read.character_book)))
    result.character_book = conformingBook(read.character_book, version);
  else delete result.character_book;
  if (version === 'v2') for (const key of sinceThree) delete result[key];
  else {
    if (typeof data.nickname !== 'string') delete result.nickname;
    if ('source' in data && !isTexts(data.source)) delete result.source;
    if (isFields(data.creator_notes_multilingual) === false) delete result.creator_notes_multilingual;
    if ('assets' in data) result.assets = conformingAssets(data.assets);
    if (result.assets === undefined) delete result.assets;
  }
  return result;
}

function conformingBook(book: Fields, version: CardVersion): Fields {
  const entries = (entriesOf(book) ?? []).filter(isFields).map((entry) => conformingEntry(entry, version));
  return { ...book, extensions: isFields(book.extensions) ? book.extensions : {}, entries };
}

function conformingEntry(entry: Fields, version: CardVersion): Fields {
  const { use_regex, ...rest } = entry;
  const content = typeof entry.content === 'string' ? entry.content : '';
  const keys = entry.keys ?? entry.key;
  const order = entry.insertion_order ?? entry.order;
  return {
    ...rest,
    keys: texts(keys),
    ...((entry.secondary_keys ?? entry.keysecondary) !== undefined && {
      secondary_keys: texts(entry.secondary_keys ?? entry.keysecondary),
    }),
    content: version === 'v2' ? withoutDecorators(content) : content,
    extensions: isFields(entry.extensions) ? entry.extensions : {},
    enabled: typeof entry.enabled === 'boolean' ? entry.enabled : entry.disable !== true,
    insertion_order: isNumber(order) ? order : 100,
    ...(version === 'v3' && { use_regex: use_regex === true }),
  };
}

/** At most one `main` among several icons, and one there; extensions in lower case, without a dot. */
function conformingAssets(given: unknown): Fields[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const assets: Fields[] = given.filter(isFields).map((asset) => ({
    ...asset,
    type: typeof asset.type === 'string' ? asset.type : 'other',
    uri: typeof asset.uri === 'string' ? asset.uri : 'ccdefault:',
    name: typeof asset.name === 'string' ? asset.name : '',
    ext: typeof asset.ext === 'string' ? asset.ext.toLowerCase().replace(/^\.+/, '') || 'unknown' : 'unknown',
  }));
  for (const [type, least] of [
    ['icon', 1],
    ['background', 0],
  ] as const) {
    const places = assets.flatMap((asset, index) => (asset.type === type ? [index] : []));
    const mains = places.filter((index) => assets[index]?.name === 'main');
    if (places.length < 2 || (mains.length <= 1 && mains.length >= least)) continue;
    const keep = mains[0] ?? places[0];
    for (const [nth, index] of places.entries()) {
      const asset = assets[index];
      if (!asset) continue;
      if (index === keep) assets[index] = { ...asset, name: 'main' };
      else if (asset.name === 'main') assets[index] = { ...asset, name: `main-${nth + 1}` };
    }
  }
  return assets;
}

/** The lines of decorators at the beginning of an entry are V3's. */
function withoutDecorators(content: string): string {
  return content.replace(/^(?:\s*@@[^\n]*(?:\n|$))+/, '').trim();
}

function entriesOf(book: Fields): unknown[] | undefined {
  if (Array.isArray(book.entries)) return book.entries;
  return isFields(book.entries) ? Object.values(book.entries) : undefined;
}

function texts(value: unknown): string[] {
  const given =
    typeof value === 'string' ? value.split(',').map((key) => key.trim()) : Array.isArray(value) ? value : [];
  return given.flatMap((one: unknown) =>
    typeof one === 'string' || typeof one === 'number' ? [String(one)] : [],
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Numbers that JavaScript cannot hold are kept as marked texts (json-text.ts). */
function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\uE0F0.*\uE0F1$/.test(value));
}
