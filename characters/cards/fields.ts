import { cardLimits } from './limits.js';

type Fields = Readonly<Record<string, unknown>>;

export interface CardAsset {
  readonly type: string;
  readonly uri: string;
  readonly name: string;
  readonly ext: string;
}

/** What a card says, in the types of the specification. */
export interface CardFields {
  readonly name: string;
  readonly nickname: string;
  readonly description: string;
  readonly personality: string;
  readonly scenario: string;
  readonly first_mes: string;
  readonly mes_example: string;
  readonly system_prompt: string;
  readonly post_history_instructions: string;
  readonly creator_notes: string;
  readonly creator: string;
  readonly character_version: string;
  readonly alternate_greetings: readonly string[];
  readonly group_only_greetings: readonly string[];
  readonly tags: readonly string[];
  readonly character_book: Fields | null;
  readonly assets: readonly CardAsset[];
  readonly extensions: Fields;
}

/** Texts of a card; `name` first. */
export const textFields = [
  'name',
  'nickname',
  'description',
  'personality',
  'scenario',
  'first_mes',
  'mes_example',
  'system_prompt',
  'post_history_instructions',
  'creator_notes',
  'creator',
  'character_version',
] as const;

/**
 * The fields of a card (`data` of V2 and V3, all of V1). What is of the wrong type is read as what it plainly means, or left out,
 * and said in `warn`; null is as if it were not there.
 */
export function cardFields(data: Fields, warn: (text: string) => void): CardFields {
  const texts = Object.fromEntries(textFields.map((key) => [key, textOf(key, data[key], warn)])) as Record<
    (typeof textFields)[number],
    string
  >;
  return {
    ...texts,
    name: nameOf(texts.name),
    nickname: nameOf(texts.nickname),
    first_mes: greetingOf('first_mes', texts.first_mes, warn),
    alternate_greetings: greetings('alternate_greetings', data.alternate_greetings, warn),
    group_only_greetings: greetings('group_only_greetings', data.group_only_greetings, warn),
    tags: tagsOf(data.tags, warn),
    character_book: bookOf(data.character_book, warn),
    assets: assetsOf(data.assets, warn),
    extensions: isFields(data.extensions) ? data.extensions : {},
  };
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text without control characters, in well-formed Unicode. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '');
}

function nameOf(text: string): string {
  const line = text.replace(/[\s\u202A-\u202E\u2066-\u2069]+/g, ' ').trim();
  return line.slice(0, cardLimits.nameUnits).toWellFormed().trim();
}

function textOf(key: string, value: unknown, warn: (text: string) => void): string {
  const text = asText(key, value, warn);
  if (text.length <= cardLimits.textUnits) return text;
  warn(
    `${key} is longer than ${cardLimits.textUnits} characters; all of it is kept, its beginning is played`,
  );
  return text.slice(0, cardLimits.textUnits).toWellFormed();
}

function asText(key: string, value: unknown, warn: (text: string) => void): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number' || typeof value === 'boolean') {
    warn(`${key} is no text; it is read as one`);
    return String(value);
  }
  if (Array.isArray(value) && value.every((line) => typeof line === 'string')) {
    warn(`${key} is a list; its lines are read as one text`);
    return cleanText(value.join('\n'));
  }
  warn(`${key} is no text; it is kept and not played`);
  return '';
}

/** What is said first, cut at the end of a sentence. */
function greetingOf(key: string, text: string, warn: (text: string) => void): string {
  if (text.length <= cardLimits.greetingUnits) return text;
  warn(
    `${key} is longer than ${cardLimits.greetingUnits} characters; it is said up to the end of a sentence`,
  );
  const head = text.slice(0, cardLimits.greetingUnits).toWellFormed();
  const end = Math.max(...['. ', '! ', '? ', '\n', '。', '！', '？'].map((mark) => head.lastIndexOf(mark)));
  return end > 0 ? head.slice(0, end + 1).trimEnd() : head;
}

function greetings(key: string, value: unknown, warn: (text: string) => void): string[] {
  return listOf(key, value, warn)
    .map((text) => greetingOf(key, textOf(key, text, warn), warn))
    .filter((text) => text.trim() !== '');
}

function tagsOf(value: unknown, warn: (text: string) => void): string[] {
  const given = typeof value === 'string' ? value.split(',') : listOf('tags', value, warn);
  const tags = given.map((tag) => cleanText(tag).replace(/\s+/g, ' ').trim().slice(0, 80).toWellFormed());
  return tags.filter(Boolean).slice(0, cardLimits.tags);
}

function listOf(key: string, value: unknown, warn: (text: string) => void): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') {
    if (value.trim() === '') return [];
    warn(`${key} is a text; it is read as a list of one`);
    return [value];
  }
  if (!Array.isArray(value)) {
    warn(`${key} is no list; it is kept and not used`);
    return [];
  }
  const texts = value.filter((one) => typeof one === 'string');
  if (texts.length < value.length) warn(`${key} has entries that are no texts; they are kept and not used`);
  if (texts.length > cardLimits.greetings)
    warn(`${key} has more than ${cardLimits.greetings}; the first are used`);
  return texts.slice(0, cardLimits.greetings);
}

function assetsOf(value: unknown, warn: (text: string) => void): CardAsset[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    warn('assets is no list; it is kept and not used');
    return [];
  }
  if (value.length > cardLimits.assets) warn(`assets has more than ${cardLimits.assets}; the first are used`);
  return value.slice(0, cardLimits.assets).flatMap((one: unknown) => {
    if (!isFields(one) || typeof one.uri !== 'string') return [];
    const word = (key: string): string => (typeof one[key] === 'string' ? one[key] : '');
    return [{ type: word('type'), uri: one.uri, name: word('name'), ext: word('ext').toLowerCase() }];
  });
}

function bookOf(value: unknown, warn: (text: string) => void): Fields | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return { entries: value };
  if (isFields(value)) return isFields(value.data) && value.spec === 'lorebook_v3' ? value.data : value;
  warn('character_book is no lorebook; it is kept and not used');
  return null;
}
