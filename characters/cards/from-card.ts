import { idFrom } from '../id.js';
import { type Character, characterSchema } from '../schema.js';
import { lorebookOf } from './book.js';
import { cardFields, isFields } from './fields.js';
import { CardRefused } from './refused.js';

type Fields = Readonly<Record<string, unknown>>;
type Warn = (text: string) => void;
export type CardVersion = 'v1' | 'v2' | 'v3';

/** Texts of Character Card V1, and the names that Pygmalion's files have for them. */
const pygmalionNames: readonly (readonly [string, string])[] = [
  ['char_name', 'name'],
  ['char_persona', 'description'],
  ['world_scenario', 'scenario'],
  ['char_greeting', 'first_mes'],
  ['example_dialogue', 'mes_example'],
];
const versionOne = ['personality', 'scenario', 'first_mes', 'mes_example'] as const;
/** Tags that say a card is for adults, without their marks and case. */
const adultTags =
  /^(?:nsfw|nsfl|r18|18|adult|adultonly|explicit|lewd|porn|hentai|smut|erotic|erotica|sexual)$/;

/** Which character card a record is; null for none. `spec` decides, not how it looks. */
export function cardVersion(record: Fields): CardVersion | null {
  if (record.spec === 'chara_card_v3') return 'v3';
  if (record.spec === 'chara_card_v2') return 'v2';
  if (typeof record.spec === 'string' && record.spec.startsWith('chara_card') && isFields(record.data))
    return 'v3';
  if ('char_name' in record) return 'v1';
  if ('supporterStatement' in record || 'supporter_statement' in record || 'profile_trans' in record)
    return null;
  return 'name' in record && versionOne.some((key) => key in record) ? 'v1' : null;
}

/** Where a card has its fields. */
export function dataOf(record: Fields, version: CardVersion): Fields {
  if (version === 'v1') {
    const named = pygmalionNames.flatMap(([theirs, ours]) =>
      record[ours] === undefined && record[theirs] !== undefined ? [[ours, record[theirs]]] : [],
    );
    return named.length > 0 ? { ...record, ...Object.fromEntries(named) } : record;
  }
  return isFields(record.data) ? record.data : record;
}

/** Whether tags say that a character is for adults. That none says so is no promise. */
export function isForAdults(tags: readonly string[]): boolean {
  return tags.some((tag) =>
    adultTags.test(
      tag
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[^a-z0-9]/g, ''),
    ),
  );
}

/**
 * A character of a card. It is never offered to anybody by itself, chooses no model, and is what the card says, nothing more.
 * @throws CardRefused for a card without a name.
 */
export function fromCard(record: Fields, version: CardVersion, warn: Warn): Character {
  if (version !== 'v1' && typeof record.spec_version === 'string') {
    const known = version === 'v2' ? '2.0' : '3.0';
    if (record.spec_version !== known)
      warn(`its version is ${shortly(record.spec_version)}; it is read as ${known}`);
  } else if (version !== 'v1') warn('it does not say its version');
  const data = dataOf(record, version);
  if (version !== 'v1' && data === record) warn('it has no data; its fields are read where they stand');
  const card = cardFields(data, warn);
  if (card.name === '') throw new CardRefused('invalid', 'its character has no name');
  const statement = card.description.trim() || card.personality.trim() || `You are ${card.name}.`;
  if (isForAdults(card.tags)) warn('its tags say that it is for adults');
  const parsed = characterSchema.safeParse({
    id: idFrom(card.name),
    name: card.name,
    ...(card.nickname && { shortName: card.nickname }),
    matchable: false,
    supporterStatement: statement,
    greeting: card.first_mes,
    tags: card.tags,
    lorebook: lorebookOf(card.character_book, warn),
    card: {
      personality: card.personality,
      scenario: card.scenario,
      examples: card.mes_example,
      systemPrompt: card.system_prompt,
      postHistory: card.post_history_instructions,
      notes: notesOf(card.creator_notes, data),
      greetings: card.alternate_greetings,
      groupGreetings: card.group_only_greetings,
      creator: card.creator,
      version: card.character_version,
    },
  });
  if (parsed.success) return parsed.data;
  throw new CardRefused('invalid', `its ${parsed.error.issues[0]?.path.join('.') ?? 'card'} cannot be read`);
}

/** English where there are several languages. */
function notesOf(notes: string, { creator_notes_multilingual: languages }: Fields): string {
  if (!isFields(languages)) return notes;
  const english = languages.en;
  return typeof english === 'string' ? english : notes;
}

function shortly(text: string): string {
  return JSON.stringify(text.slice(0, 20).toWellFormed());
}
